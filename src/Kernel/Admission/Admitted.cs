namespace Reeve.Kernel.Admission;

/// <summary>Proof that a submission was admitted. Only <see cref="Admission"/> makes one, and a journal begins
/// with one.</summary>
public sealed class Admitted
{
    internal Admitted(Submission submission) => Submission = submission;

    public Submission Submission { get; }
}

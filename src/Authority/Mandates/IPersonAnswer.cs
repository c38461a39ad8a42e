using Reeve.Authority.Labels;

namespace Reeve.Authority.Mandates;

/// <summary>The right to read what a person answered to this very call.</summary>
public interface IPersonAnswer : IGrant
{
    /// <summary>The words of the answer, labelled as a person's; empty where the person agreed without words.</summary>
    /// <exception cref="ProblemException"><c>answer.missing</c>: nobody was asked.</exception>
    Task<Labeled<string>> ReadAsync(CancellationToken cancellationToken);
}

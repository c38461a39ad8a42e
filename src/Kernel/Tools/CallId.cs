namespace Reeve.Kernel.Tools;

/// <summary>Names one call: the sequence of the event of its run that asked for it, and its place in it.</summary>
/// <remarks>Never drawn by chance, so that replay gives every call the name it had.</remarks>
public readonly record struct CallId(long Sequence, int Index = 0)
{
    public override string ToString() => $"{Sequence}.{Index}";
}

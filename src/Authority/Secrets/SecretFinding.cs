namespace Reeve.Authority.Secrets;

/// <summary>Where a secret stands in a text, in bytes, and of what kind it is.</summary>
public readonly record struct SecretFinding(int Start, int Length, string Kind)
{
    public int End => Start + Length;
}

namespace Reeve.Authority.Secrets;

/// <summary>A value that is known to be secret, in one of the forms it may be written in.</summary>
internal sealed class ExactRule(string kind, string form) : SecretRule(form)
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength) =>
        new SecretFinding(at, anchorLength, kind);
}

namespace Reeve.Authority.Mandates;

/// <summary>A header field of a request. Its value may be a credential, so it is never printed.</summary>
public readonly record struct ReachHeader(string Name, string Value)
{
    public override string ToString() => $"{Name}: …";
}

using System.Collections.Immutable;
using Reeve.Authority.Policy;

namespace Reeve.Authority.Mandates;

/// <summary>What may be done at most, as one layer of a mandate: all layers have to cover an effect.</summary>
/// <remarks>A caveat never adds anything. In a list of names <c>*</c> stands for all; an empty list for none.</remarks>
public sealed record MandateScope
{
    public ImmutableArray<string> Tools { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<PathGrant> Paths { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> Commands { get; init => field = value.IsDefault ? [] : value; } = [];

    public ImmutableArray<string> Hosts { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Covers everything, and so narrows nothing.</summary>
    public static MandateScope All { get; } = new()
    {
        Tools = [Mandate.All], Paths = [new PathGrant("**", CanChange: true)], Commands = [Mandate.All],
        Hosts = [Mandate.All],
    };

    /// <summary>Without what no pattern can mean: it would cover nothing anyhow.</summary>
    internal MandateScope Readable() => this with
    {
        Paths = [.. Paths.Where(grant => IsRead(() => PathGlob.Parse(grant.Pattern)))],
        Commands = [.. Commands.Where(command => IsRead(() => CommandPattern.Parse(command)))],
        Hosts = [.. Hosts.Where(host => IsRead(() => RuleSyntax.ReadDomain("domain:" + host)))],
    };

    private static bool IsRead(Func<object> read)
    {
        try
        {
            return read() is not null;
        }
        catch (ProblemException)
        {
            return false;
        }
    }
}

/// <summary>What a run may pass on. It is apart from what it may do itself: neither follows from the other.</summary>
/// <param name="Scopes">All of them have to cover what is passed on; none passes nothing on.</param>
/// <param name="Depth">How many levels of further runs there may be below.</param>
public sealed record Delegation(ImmutableArray<MandateScope> Scopes, MandateLimits Limits, int Depth)
{
    public static Delegation None { get; } = new([], new MandateLimits(), 0);
}

/// <summary>What a run asks for on behalf of another one.</summary>
/// <param name="PassesOn">What the other may pass on in turn; null for nothing.</param>
public sealed record DelegationRequest(
    string Id, string Principal, MandateScope Scope, MandateLimits Limits, PermissionMode Mode,
    DateTimeOffset ExpiresAt)
{
    public MandateScope? PassesOn { get; init; }
}

using Reeve.Authority.Policy;

namespace Reeve.Authority.Mandates;

/// <summary>Makes the mandate of a run that another run starts: never more than the other may pass on.</summary>
/// <remarks>
/// Pure and total: whatever is asked, a mandate comes of it, if need be one that may do nothing. Layers are added and
/// never merged, so nothing has to be proven about patterns: an effect is covered by the child only where every layer
/// of what the parent may pass on covers it too. Budgets are carved out: what the child has, the parent has no more.
/// </remarks>
public static class Attenuation
{
    /// <returns>The child's mandate, and what is left to the parent.</returns>
    public static (Mandate Child, MandateLimits Left) Attenuate(Mandate parent, DelegationRequest request)
    {
        var from = parent.Delegation;
        var mayDelegate = from is { Depth: > 0, Scopes.IsDefaultOrEmpty: false };
        var scope = mayDelegate ? request.Scope.Readable() : new MandateScope();
        var limits = Least(Least(request.Limits, from.Limits), parent.Limits);

        var child = parent with
        {
            Id = request.Id,
            Principal = request.Principal,
            Mode = ModeOf(parent.Mode, request.Mode),

            // Another mode of the child does not bring back the questions that the parent's denies.
            CanAsk = parent.CanAsk && parent.Mode != PermissionMode.DontAsk,
            Tools = scope.Tools,
            Paths = scope.Paths,
            Commands = scope.Commands,
            Hosts = scope.Hosts,
            Caveats = mayDelegate ? from.Scopes : [],
            Limits = limits,
            Depth = Math.Max(0, Math.Min(parent.Depth, from.Depth) - 1),
            ExpiresAt = request.ExpiresAt < parent.ExpiresAt ? request.ExpiresAt : parent.ExpiresAt,

            // What people approved or added, they did for the run that asked.
            Approved = [],
            Folders = [],
            Delegation = mayDelegate && request.PassesOn is { } more && from.Depth > 1
                ? new Delegation(from.Scopes.Add(more.Readable()), limits, from.Depth - 1) : Delegation.None,
        };

        return (child, mayDelegate ? Minus(parent.Limits, limits) : parent.Limits);
    }

    // Modes have no order: another one counts only where it is nowhere freer.
    private static PermissionMode ModeOf(PermissionMode parent, PermissionMode asked) =>
        Enum.GetValues<EffectKind>().All(
            kind => Verdicts.StanceOf(asked, kind) <= Verdicts.StanceOf(parent, kind))
            && (parent != PermissionMode.DontAsk || asked is PermissionMode.DontAsk or PermissionMode.Plan)
            ? asked : parent;

    private static MandateLimits Least(MandateLimits left, MandateLimits right) => new(
        Least(left.DollarsMax, right.DollarsMax), Least(left.TokensMax, right.TokensMax),
        Least(left.TurnsMax, right.TurnsMax), Least(left.ToolCallsMax, right.ToolCallsMax),
        Least(left.WallTimeMax, right.WallTimeMax));

    private static T? Least<T>(T? left, T? right)
        where T : struct, IComparable<T>
    {
        var least = left is { } one && right is { } other ? (one.CompareTo(other) < 0 ? one : other) : left ?? right;

        // Less than nothing is nothing: a request cannot mint what it gives back.
        return least is { } some && some.CompareTo(default) < 0 ? default(T) : least;
    }

    // Turns and time are bounds of each run and not shared.
    private static MandateLimits Minus(MandateLimits whole, MandateLimits part) => whole with
    {
        DollarsMax = whole.DollarsMax - (part.DollarsMax ?? 0),
        TokensMax = whole.TokensMax - (part.TokensMax ?? 0),
        ToolCallsMax = whole.ToolCallsMax - (part.ToolCallsMax ?? 0),
    };
}

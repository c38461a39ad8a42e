using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>The branches that no mode and no rule lets anybody delete or overwrite.</summary>
/// <remarks>A name may hold <c>*</c>, as <c>release/*</c>. Case is ignored, because some hosts ignore it.</remarks>
public sealed class ProtectedBranches(ImmutableArray<string> names)
{
    public const string Preset = "main, master, trunk, develop, production, prod, release, stable, gh-pages";

    /// <summary>The branches that are protected where nobody said which.</summary>
    public static ImmutableArray<string> Usual { get; } = [.. Preset.Split(", ")];

    private readonly ImmutableArray<string> _names = 
        [.. (names.IsDefaultOrEmpty ? Usual : names).Select(name => name.ToLowerInvariant())];

    public bool Contains(string branch)
    {
        var lower = branch.ToLowerInvariant();

        foreach (var name in _names)
        {
            if (PathGlob.MatchPart(name, lower))
            {
                return true;
            }
        }

        return false;
    }
}

using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>The branches that no mode and no rule lets anybody delete or overwrite.</summary>
/// <remarks>A name may hold <c>*</c>, as <c>release/*</c>. Case is ignored, because some hosts ignore it.</remarks>
public sealed class ProtectedBranches(ImmutableArray<string> names)
{
    public const string Preset = "main, master, trunk, develop, production, prod, release, stable, gh-pages";

    /// <summary>The branches that are protected where nobody said which.</summary>
    public static ImmutableArray<string> Usual { get; } = [.. Preset.Split(", ")];

    private readonly ImmutableArray<string> _names = names.IsDefaultOrEmpty ? Usual : names;

    public bool Contains(string branch)
    {
        foreach (var name in _names)
        {
            if (Matches(name, branch))
            {
                return true;
            }
        }

        return false;
    }

    // A star stands for any part, slashes included; greedy, with one step back for each character.
    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        var (at, star, tried) = (0, -1, 0);

        for (var index = 0; index < name.Length;)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, tried) = (at++, index);
            }
            else if (at < pattern.Length && char.ToUpperInvariant(pattern[at]) == char.ToUpperInvariant(name[index]))
            {
                (at, index) = (at + 1, index + 1);
            }
            else if (star >= 0)
            {
                (at, index) = (star + 1, ++tried);
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].Trim('*').IsEmpty;
    }
}

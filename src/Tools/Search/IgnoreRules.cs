using System.Text;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Tools.Files;

namespace Reeve.Tools.Search;

/// <summary>What a search leaves out: <c>.git</c>, well-known caches, and what .gitignore files name.</summary>
/// <remarks>A rule of a nested .gitignore counts below its directory; the last rule that matches decides.</remarks>
internal sealed class IgnoreRules
{
    public const int RulesMax = 10_000;

    private static readonly HashSet<string> s_caches = new(StringComparer.Ordinal)
    {
        "node_modules", "__pycache__", ".venv", ".tox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hg", ".svn",
    };

    private readonly List<Rule> _rules = [];

    /// <summary>Adds the lines of a .gitignore that lies in <paramref name="directory"/>.</summary>
    public void Add(string directory, ReadOnlySpan<byte> gitignore)
    {
        foreach (var bytes in new LineReader(gitignore))
        {
            var line = Encoding.UTF8.GetString(bytes).TrimEnd();

            if (line.Length is 0 or > PathGlob.PatternCharsMax || line[0] == '#' || _rules.Count >= RulesMax)
            {
                continue;
            }

            if (Parse(directory, line) is { } rule)
            {
                _rules.Add(rule);
            }
        }
    }

    public bool Ignores(string path, bool isDirectory)
    {
        var name = path.AsSpan(path.LastIndexOf('/') + 1);

        if (isDirectory && s_caches.GetAlternateLookup<ReadOnlySpan<char>>().Contains(name))
        {
            return true;
        }

        for (var index = _rules.Count - 1; index >= 0; index--)
        {
            if (_rules[index].Matches(path, isDirectory))
            {
                return !_rules[index].IsNegated;
            }
        }

        return false;
    }

    private static Rule? Parse(string directory, string line)
    {
        var isNegated = line[0] == '!';
        var pattern = (isNegated ? line[1..] : line).Trim();
        var isForDirectories = pattern.EndsWith('/');
        pattern = pattern.TrimEnd('/');

        // Braces have no meaning in .gitignore; a line that is no pattern for us ignores nothing.
        if (pattern.Length == 0 || pattern.Contains('{', StringComparison.Ordinal))
        {
            return null;
        }

        return new Rule(directory, PathGlob.Parse(pattern), isNegated, isForDirectories);
    }

    private sealed record Rule(string Directory, PathGlob Glob, bool IsNegated, bool IsForDirectories)
    {
        public bool Matches(string path, bool isDirectory)
        {
            if (IsForDirectories && !isDirectory)
            {
                return false;
            }

            if (Directory == ".")
            {
                return Glob.IsMatch(path);
            }

            var isBelow = path.Length > Directory.Length
                && path[Directory.Length] == '/'
                && path.StartsWith(Directory, StringComparison.Ordinal);

            return isBelow && Glob.IsMatch(path.AsSpan(Directory.Length + 1));
        }
    }
}

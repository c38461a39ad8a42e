using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Which paths git would ignore, by the rules of gitignore(5) in a tree and its <c>info/exclude</c>.</summary>
/// <remarks>A rule that is too long, or a file with too many rules, ignores nothing more: it is shown
/// instead.</remarks>
internal sealed class GitIgnore(Func<string, SafeFileHandle?> open)
{
    public const int RulesMax = 1_000;
    public const int RuleLengthMax = 512;

    private readonly Dictionary<string, IReadOnlyList<Rule>> _rules = new(StringComparer.Ordinal);

    public bool IsIgnored(string path, bool isDirectory)
    {
        // Nothing in an ignored directory can be taken back, so the first one from above decides.
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (IsMatched(path[..slash], isDirectory: true))
            {
                return true;
            }
        }

        return IsMatched(path, isDirectory);
    }

    private bool IsMatched(string path, bool isDirectory)
    {
        // The nearest file decides, and in it the last rule.
        for (var slash = path.LastIndexOf('/'); ; slash = slash > 0 ? path.LastIndexOf('/', slash - 1) : -1)
        {
            var directory = slash < 0 ? string.Empty : path[..(slash + 1)];
            if (Decide(RulesOf(directory + ".gitignore"), path[directory.Length..], isDirectory) is { } decided)
            {
                return decided;
            }

            if (slash < 0)
            {
                return Decide(RulesOf(".git/info/exclude"), path, isDirectory) ?? false;
            }
        }
    }

    private static bool? Decide(IReadOnlyList<Rule> rules, string path, bool isDirectory)
    {
        for (var index = rules.Count - 1; index >= 0; index--)
        {
            if ((isDirectory || !rules[index].IsDirectoryOnly) && rules[index].Pattern.IsMatch(path))
            {
                return !rules[index].IsNegated;
            }
        }

        return null;
    }

    private IReadOnlyList<Rule> RulesOf(string file)
    {
        if (!_rules.TryGetValue(file, out var rules))
        {
            rules = [.. Read(file).Split('\n').Select(Parse).OfType<Rule>().Take(RulesMax)];
            _rules.Add(file, rules);
        }

        return rules;
    }

    private string Read(string path)
    {
        using var file = open(path);
        if (file is null
            || TreeFiles.Stat(file) is not { Kind: FileKind.Regular, Size: <= ViewLimits.IgnoreFileBytesMax } stat)
        {
            return string.Empty;
        }

        var bytes = new byte[stat.Size];
        var count = RandomAccess.Read(file, bytes, 0);

        return Encoding.UTF8.GetString(bytes, 0, count);
    }

    private static Rule? Parse(string line)
    {
        var text = line.TrimEnd('\r');
        while (text.EndsWith(' ') && !text.EndsWith("\\ ", StringComparison.Ordinal))
        {
            text = text[..^1];
        }

        if (text.Length is 0 or > RuleLengthMax || text[0] == '#')
        {
            return null;
        }

        var isNegated = text[0] == '!';
        text = isNegated ? text[1..] : text;
        var isDirectoryOnly = text.EndsWith('/');
        text = isDirectoryOnly ? text[..^1] : text;
        if (text.Length == 0)
        {
            return null;
        }

        var isAnchored = text.Contains('/', StringComparison.Ordinal);
        var pattern = "\\A" + (isAnchored ? string.Empty : "(?:.*/)?") + Translate(text.TrimStart('/')) + "\\z";

        return new Rule(
            new Regex(
                pattern,
                RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant),
            isNegated,
            isDirectoryOnly);
    }

    private static string Translate(string glob)
    {
        var pattern = new StringBuilder();
        for (var index = 0; index < glob.Length; index++)
        {
            var rest = glob.AsSpan(index);
            var isAtStart = index == 0 || glob[index - 1] == '/';

            if (isAtStart && rest.StartsWith("**/"))
            {
                pattern.Append("(?:.*/)?");
                index += 2;
            }
            else if (isAtStart && rest is "**")
            {
                pattern.Append(".+");
                index++;
            }
            else if (rest[0] == '*')
            {
                pattern.Append("[^/]*");
            }
            else if (rest[0] == '?')
            {
                pattern.Append("[^/]");
            }
            else if (rest[0] == '[' && rest[1..].IndexOf(']') is var end and > 0)
            {
                AppendClass(pattern, rest.Slice(1, end));
                index += end + 1;
            }
            else
            {
                var isEscaped = rest[0] == '\\' && rest.Length > 1;
                index += isEscaped ? 1 : 0;
                pattern.Append(Regex.Escape(glob[index].ToString()));
            }
        }

        return pattern.ToString();
    }

    private static void AppendClass(StringBuilder pattern, ReadOnlySpan<char> inside)
    {
        var isNegated = inside[0] is '!' or '^';
        pattern.Append(isNegated ? "[^/" : "[");
        foreach (var character in isNegated ? inside[1..] : inside)
        {
            pattern.Append(character is '\\' or '[' or ']' or '^' ? "\\" : string.Empty).Append(character);
        }

        // An empty class matches nothing; a character that no name has stands for that.
        pattern.Append(inside.Length == (isNegated ? 1 : 0) ? "\\0]" : "]");
    }

    private sealed record Rule(Regex Pattern, bool IsNegated, bool IsDirectoryOnly);
}

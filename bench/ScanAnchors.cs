using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;
using Reeve.Authority.Secrets;

namespace Reeve.Bench;

/// <summary>How secrets are usually looked for: a vectorised prefilter for each line, and behind it one
/// expression.</summary>
internal sealed class ScanAnchors
{
    private readonly SearchValues<string> _anchors;
    private readonly Regex _any;

    private ScanAnchors(IEnumerable<string> anchors, IEnumerable<string> patterns, RegexOptions options)
    {
        string[] all = [.. patterns];
        Expressions = all.Length;
        _anchors = SearchValues.Create([.. anchors], StringComparison.Ordinal);
        _any = new Regex(string.Join('|', all.Select(pattern => $"(?:{pattern})")), options);
    }

    public int Expressions { get; }

    /// <summary>A few shapes that anybody knows; ours looks for more than ten times as many.</summary>
    public static ScanAnchors Few()
    {
        (string Anchor, string Pattern)[] shapes =
        [
            ("AKIA", "AKIA[0-9A-Z]{16}"), ("ghp_", "ghp_[A-Za-z0-9]{36}"), ("sk-", "sk-[A-Za-z0-9_-]{20,}"),
            ("xoxb-", "xoxb-[0-9A-Za-z-]{20,}"), ("eyJ", @"eyJ[\w-]+\.[\w-]+\.[\w-]+"),
            ("-----BEGIN", "-----BEGIN [A-Z ]*PRIVATE KEY-----"), ("password", @"password\s*[=:]\s*\S{8,}"),
            ("api_key", @"api_key\s*[=:]\s*\S{8,}"), ("token", @"token\s*[=:]\s*\S{16,}"),
            ("glpat-", "glpat-[A-Za-z0-9_-]{20}"),
        ];

        return new ScanAnchors(
            shapes.Select(shape => shape.Anchor), shapes.Select(shape => shape.Pattern),
            RegexOptions.NonBacktracking);
    }

    /// <summary>The same kinds as ours: the whole table of tokens and every other anchor, compiled.</summary>
    public static ScanAnchors All()
    {
        var tokens = TokenTable.Text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(PatternOf);
        var others = SecretScanner.Default.Rules.Where(rule => rule is not TokenRule).ToList();
        string[] named = [.. others.OfType<AssignmentRule>().Single().Anchors];
        var shapes = others.Where(rule => rule is not AssignmentRule).SelectMany(rule => rule.Anchors)
            .Select(anchor => Regex.Escape(anchor) + @"\S{16,}");

        return new ScanAnchors(
            SecretScanner.Default.Rules.SelectMany(rule => rule.Anchors),
            [.. tokens, .. shapes, $@"(?:{string.Join('|', named)})\w{{0,40}}[""']?\s*[=:]\s*\S{{8,}}"],
            RegexOptions.Compiled);
    }

    public int Find(string text)
    {
        var count = 0;

        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.ContainsAny(_anchors))
            {
                count += _any.Count(line);
            }
        }

        return count;
    }

    /// <summary>What ours finds without index: one search of the whole text for each anchor of each rule.</summary>
    public static List<SecretFinding> FindRuleByRule(ReadOnlySpan<byte> text)
    {
        var found = new List<SecretFinding>();

        foreach (var rule in SecretScanner.Default.Rules)
        {
            foreach (var anchor in rule.Anchors)
            {
                FindAnchor(text, rule, System.Text.Encoding.UTF8.GetBytes(anchor), found);
            }
        }

        return SecretFindings.InOrder(found);
    }

    private static void FindAnchor(
        ReadOnlySpan<byte> text, SecretRule rule, byte[] anchor, List<SecretFinding> found)
    {
        var (small, large) = ((byte)(anchor[0] | 0x20), (byte)(anchor[0] & ~0x20));

        for (var at = 0; at + anchor.Length <= text.Length; at++)
        {
            var rest = text[at..];
            var next = rule.IgnoresCase ? rest.IndexOfAny(small, large) : rest.IndexOf(anchor);
            at += next;

            if (next < 0 || at + anchor.Length > text.Length)
            {
                break;
            }

            var there = text.Slice(at, anchor.Length);

            if ((!rule.IgnoresCase || System.Text.Ascii.EqualsIgnoreCase(there, anchor))
                && rule.Match(text, at, anchor.Length) is { } finding)
            {
                found.Add(finding);
            }
        }
    }

    private static string PatternOf(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var letters = parts[2] switch
        {
            "alnum" => "A-Za-z0-9",
            "word" => "A-Za-z0-9_",
            "url64" => "A-Za-z0-9_-",
            "base64" => "A-Za-z0-9+/=",
            "hex" => "0-9a-fA-F",
            "upper" => "A-Z0-9",
            "dotted" => "A-Za-z0-9_.-",
            "wide" => "A-Za-z0-9_.=+/:~-",
            _ => "A-Za-z0-9_.=%+/:~-",
        };
        var (least, most) = (Number(parts[3]), Number(parts[4]));

        return $"(?:{string.Join('|', parts[1].Split(',').Select(Regex.Escape))})[{letters}]{{{least},{most}}}";
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}

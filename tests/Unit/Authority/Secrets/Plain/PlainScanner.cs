using System.Text;
using Reeve.Authority.Secrets;

namespace Reeve.Tests.Unit.Authority.Secrets.Plain;

/// <summary>The reference for SecretScanner: every anchor of every rule is tried at every place.</summary>
internal static class PlainScanner
{
    private static readonly (SecretRule Rule, byte[] Anchor)[] s_anchors =
    [
        .. SecretScanner.Default.Rules.SelectMany(rule =>
            rule.Anchors.Select(anchor => (rule, Encoding.UTF8.GetBytes(anchor)))),
    ];

    public static IReadOnlyList<SecretFinding> Find(ReadOnlySpan<byte> text)
    {
        var found = new List<SecretFinding>();
        FindDirect(text, found);
        PlainDiscordTokens.Find(text, found);
        PlainEscapedText.Find(text, found);
        PlainEncodedText.Find(text, found);

        return SecretFindings.InOrder(found);
    }

    public static void FindDirect(ReadOnlySpan<byte> text, List<SecretFinding> found)
    {
        for (var at = 0; at < text.Length; at++)
        {
            foreach (var (rule, anchor) in s_anchors)
            {
                if (StandsAt(text[at..], anchor, rule) && rule.Match(text, at, anchor.Length) is { } finding)
                {
                    found.Add(finding);
                }
            }
        }
    }

    private static bool StandsAt(ReadOnlySpan<byte> there, byte[] anchor, SecretRule rule)
    {
        if (there.Length < anchor.Length)
        {
            return false;
        }

        there = there[..anchor.Length];

        return rule.IgnoresCase ? Ascii.EqualsIgnoreCase(there, anchor) : there.SequenceEqual(anchor);
    }
}

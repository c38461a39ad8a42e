using System.Collections.Immutable;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Hosting.Configuration;

namespace Reeve.Hosting.Permissions;

/// <summary>Rules as an administrator or a workspace writes them down in <c>policy.yaml</c>.</summary>
/// <remarks>Lists of texts under <c>allow</c>, <c>ask</c>, <c>deny</c> and <c>protectedBranches</c>; all else is
/// refused, so that a rule nobody reads does not look as if it protected something.</remarks>
public sealed record PolicyText(ImmutableArray<Rule> Rules, ImmutableArray<string> ProtectedBranches)
{
    public const int BytesMax = 256 * 1024, RulesMax = 10_000;

    private static readonly string[] s_keys = ["allow", "ask", "deny", "protectedBranches"];

    public static PolicyText None { get; } = new([], []);

    /// <param name="name">What the file is called in a refusal.</param>
    /// <exception cref="ProblemException"><c>config.*</c> or <c>rule.invalid</c></exception>
    public static PolicyText Parse(ReadOnlySpan<byte> bytes, RuleTier tier, string name)
    {
        var rules = ImmutableArray.CreateBuilder<Rule>();
        var branches = ImmutableArray<string>.Empty;

        foreach (var entry in YamlReader.Read(TextOf(bytes, name), name).Entries)
        {
            if (entry.Value is YamlScalar { IsNull: true } && s_keys.Contains(entry.Key))
            {
                continue;
            }

            Problem.ThrowUnless(
                s_keys.Contains(entry.Key), "config.unknown_key",
                $"The {name} has allow, ask, deny and protectedBranches, and nothing else (line {entry.Line}).");
            var items = ItemsOf(entry, name);

            if (entry.Key == "protectedBranches")
            {
                branches = items;
                continue;
            }

            var decision = entry.Key switch
            {
                "allow" => Decision.Allow, "ask" => Decision.Ask, _ => Decision.Deny,
            };
            rules.AddRange(items.Select(text => RuleSyntax.Parse(text, decision, tier)));
        }

        Problem.ThrowUnless(
            rules.Count <= RulesMax, "config.too_large", $"The {name} has more than {RulesMax} rules.");
        return new PolicyText(rules.ToImmutable(), branches);
    }

    internal static string TextOf(ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(new Problem("config.malformed", $"The {name} is not UTF-8 text."));
        }
    }

    private static ImmutableArray<string> ItemsOf(YamlEntry entry, string name)
    {
        var items = ((entry.Value as YamlList)?.Items ?? []).Select(item => (item as YamlScalar)?.Text ?? "").ToList();
        Problem.ThrowUnless(
            entry.Value is YamlList && items.TrueForAll(text => text.Length > 0), "config.invalid_value",
            $"{entry.Key} of the {name} is a list of texts (line {entry.Line}).");

        return [.. items];
    }
}

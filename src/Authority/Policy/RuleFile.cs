using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>Rules together with the cases that say what they are meant to do.</summary>
/// <remarks>
/// A line each: <c>allow</c>, <c>ask</c> or <c>deny</c> with a rule, and <c>allows</c>, <c>asks</c> or <c>denies</c>
/// with a command line that has to get this verdict. Empty lines and lines that begin with <c>#</c> say nothing. A
/// line of any other kind is <c>rule.invalid</c>.
/// </remarks>
public sealed record RuleFile(ImmutableArray<Rule> Rules, ImmutableArray<RuleCase> Cases)
{
    public const int RuleBytesMax = 1024 * 1024;
    public const int CasesMax = 10_000;

    public static RuleFile Parse(string text)
    {
        var rules = ImmutableArray.CreateBuilder<Rule>();
        var cases = ImmutableArray.CreateBuilder<RuleCase>();
        var number = 0;

        foreach (var line in text.Split('\n').Select(line => line.Trim()))
        {
            number++;

            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var word = space < 0 ? line : line[..space];
            var rest = space < 0 ? "" : line[(space + 1)..].Trim();

            if (DecisionOf(word) is { } decision)
            {
                rules.Add(RuleSyntax.Parse(rest, decision, RuleTier.User));
            }
            else if (word.EndsWith('s') && DecisionOf(Singular(word)) is { } expected && rest.Length > 0)
            {
                cases.Add(new RuleCase(number, rest, expected));
            }
            else
            {
                Problem.Throw(
                    "rule.invalid",
                    $"Line {number} is neither a rule (allow, ask, deny) nor a case (allows, asks, denies).");
            }
        }

        Problem.ThrowUnless(
            cases.Count <= CasesMax, "rule.invalid", $"A file of rules has at most {CasesMax} cases.");

        return new RuleFile(rules.ToImmutable(), cases.ToImmutable());
    }

    private static string Singular(string word) => word == "denies" ? "deny" : word[..^1];

    private static Decision? DecisionOf(string word) => word switch
    {
        "allow" => Decision.Allow,
        "ask" => Decision.Ask,
        "deny" => Decision.Deny,
        _ => null,
    };
}

/// <summary>A command line and the verdict it has to get.</summary>
/// <param name="Line">Where it stands in the file.</param>
public sealed record RuleCase(int Line, string Command, Decision Decision)
{
    public string Word => Decision.ToString().ToLowerInvariant();
}

using Reeve.Authority.Policy;

namespace Reeve.Tests.Adversarial.Policy;

/// <summary>Tables of command lines with the verdict they have to get, read from the files beside.</summary>
/// <remarks>
/// <c>@expect</c>, <c>@allow</c>, <c>@ask</c>, <c>@deny</c> hold for the lines that follow, <c>@reset</c> takes the
/// rules away. ⏎ stands for a line end and ␍ for a carriage return.
/// </remarks>
internal sealed record CommandCase(int Line, string Command, string Expected, IReadOnlyList<Rule> Rules)
{
    public bool Holds(Decision decision) => Expected switch
    {
        "allow" => decision == Decision.Allow,
        "ask" => decision == Decision.Ask,
        "deny" => decision == Decision.Deny,
        "refused" => decision != Decision.Allow,
        _ => throw new InvalidOperationException(Expected),
    };

    public static IReadOnlyList<CommandCase> Read(string file)
    {
        var cases = new List<CommandCase>();
        var rules = new List<Rule>();
        var expected = "";
        var number = 0;

        foreach (var line in File.ReadLines(Path.Combine(Folder(), file)))
        {
            number++;

            if (line.Length == 0 || (line.StartsWith('#') && !line.Contains('⏎', StringComparison.Ordinal)))
            {
                continue;
            }

            var (word, rest) = line.IndexOf(' ', StringComparison.Ordinal) is var space and > 0
                ? (line[..space], line[(space + 1)..])
                : (line, "");

            switch (word)
            {
                case "@expect":
                    expected = rest;
                    break;
                case "@reset":
                    rules.Clear();
                    break;
                case "@allow":
                    rules.Add(RuleSyntax.Parse(rest, Decision.Allow, RuleTier.User));
                    break;
                case "@ask":
                    rules.Add(RuleSyntax.Parse(rest, Decision.Ask, RuleTier.User));
                    break;
                case "@deny":
                    rules.Add(RuleSyntax.Parse(rest, Decision.Deny, RuleTier.User));
                    break;
                default:
                    cases.Add(new CommandCase(
                        number, line.Replace('⏎', '\n').Replace('␍', '\r'), expected, [.. rules]));
                    break;
            }
        }

        return cases;
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);

        while (!File.Exists(Path.Combine(folder.FullName, "Reeve.slnx")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException();
        }

        return Path.Combine(folder.FullName, "tests/Adversarial/Policy/cases");
    }
}

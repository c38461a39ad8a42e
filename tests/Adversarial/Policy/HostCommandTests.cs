using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Adversarial.Policy;

/// <summary>What the gate says of command lines that would leave the sandbox, over tables of cases.</summary>
public sealed class HostCommandTests
{
    private static readonly Mandate s_mandate = Mandate.Default("m", "ada", canAsk: true);

    [Theory]
    [InlineData("read-only.txt", 400)]
    [InlineData("injections.txt", 600)]
    [InlineData("rules.txt", 350)]
    [InlineData("more.txt", 100)]
    [Trait("Req", "GATE-5")]
    [Trait("Req", "EXEC-10")]
    public void Each_command_line_gets_the_verdict_of_its_table(string file, int casesMin)
    {
        var cases = CommandCase.Read(file);
        var wrong = cases
            .Select(expected => (Case: expected, Said: Gate(expected.Rules).JudgeCommand(expected.Command).Verdict))
            .Where(result => !result.Case.Holds(result.Said.Decision))
            .Select(result => $"{result.Case.Line}: {result.Case.Command} is {result.Said.Decision}, expected "
                + $"{result.Case.Expected}: {result.Said.Reason} ({result.Said.Rule})")
            .ToList();

        Assert.True(cases.Count >= casesMin, $"{cases.Count} cases");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static PolicyEngine Gate(IEnumerable<Rule> rules) => new(s_mandate with { Rules = [.. rules] });
}

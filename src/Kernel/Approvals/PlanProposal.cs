using System.ComponentModel;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Approvals;

/// <summary>What an agent asks to be allowed once instead of asking each time.</summary>
/// <remarks>
/// A person sees all of it and approves exactly it, or nothing. It becomes rules that answer questions, and no more:
/// what mandate and rules deny stays denied. A list that is left out is empty.
/// </remarks>
public sealed record PlanProposal(
    [property: Description("What will be done, in a few sentences a person can judge.")]
    string Purpose,
    [property: Description("How long the plan counts, in minutes from its approval.")]
    int Minutes,
    [property: Description("Files to change, as patterns relative to the workspace: src/**, README.md.")]
    IReadOnlyList<string> Files = null!,
    [property: Description("Files to delete, as such patterns.")]
    IReadOnlyList<string> Deletes = null!,
    [property: Description("Hosts to reach, as example.com or *.example.com.")]
    IReadOnlyList<string> Hosts = null!,
    [property: Description("Commands to run, each as it will be typed; a trailing :* stands for any arguments.")]
    IReadOnlyList<string> Commands = null!,
    [property: Description("What the run may cost while the plan counts, in dollars; 0 for no such limit.")]
    decimal Dollars = 0)
{
    public const string ToolName = "propose_plan";

    /// <summary>More than any run costs, and small enough to be added to what was spent.</summary>
    public const decimal DollarsMax = 1_000_000;

    public const int PurposeCharsMax = 4_000, RulesMax = 100, MinutesMax = 24 * 60;

    /// <exception cref="ProblemException"><c>plan.invalid</c></exception>
    public IReadOnlyList<string> ToRules()
    {
        Problem.ThrowUnless(
            !string.IsNullOrWhiteSpace(Purpose) && Purpose.Length <= PurposeCharsMax, "plan.invalid",
            $"A plan says what it is for, in 1 to {PurposeCharsMax} characters.");
        Problem.ThrowUnless(
            Minutes is > 0 and <= MinutesMax, "plan.invalid", $"A plan counts for 1 to {MinutesMax} minutes.");
        Problem.ThrowUnless(
            Dollars is >= 0 and <= DollarsMax, "plan.invalid",
            $"A plan cannot cost less than nothing, nor more than {DollarsMax:F0} dollars.");
        List<string> rules =
        [
            .. (Files ?? []).Select(path => $"Edit({path})"), .. (Deletes ?? []).Select(path => $"Delete({path})"),
            .. (Hosts ?? []).Select(host => $"WebFetch(domain:{host})"), .. (Commands ?? []).Select(OfCommand),
        ];
        Problem.ThrowUnless(
            rules.Count is > 0 and <= RulesMax, "plan.invalid",
            $"A plan names 1 to {RulesMax} files, hosts and commands.");

        try
        {
            return [.. rules.Select(StandingApprovals.Parse)];
        }
        catch (ProblemException refusal)
        {
            throw new ProblemException(new Problem("plan.invalid", refusal.Problem.Message));
        }
    }

    /// <summary>Reads the arguments of a call that was approved; they were parsed before it was asked about.</summary>
    internal static PlanProposal Parse(string arguments) =>
        JsonSerializer.Deserialize(arguments, RunShapes.Default.PlanProposal)!;

    // A line with operators can only be named whole.
    private static string OfCommand(string command) =>
        command.AsSpan().ContainsAny("|&;<>()`$\"'\\") ? $"Bash(={command})" : $"Bash({command})";
}

using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;

namespace Reeve.Kernel.Runs;

/// <summary>Runs a criterion itself, in the sandbox, on the final tree; the agent has no say in it.</summary>
internal sealed class CheckActs(RunWorker worker, PlaceActs place)
{
    /// <summary>Characters of a failed check's output that the model is shown.</summary>
    private const int OutputCharactersMax = 6_000;

    public async Task<IReadOnlyList<EventDraft>> RunAsync(
        RunCheck step, RunState state, CancellationToken cancellationToken)
    {
        var criterion = worker.Terms.Criteria[step.Criterion];
        var (outcome, exitCode, output, label) = await RunCommandAsync(criterion, cancellationToken);

        // What a check writes is not part of the result.
        await place.RestoreTreeAsync(state, cancellationToken);

        var text = outcome == CheckOutcome.Passed
            ? ""
            : $"The acceptance check `{criterion}` does not pass ({Describe(outcome, exitCode)})."
                + $" Its output:\n{output}\n"
                + "Mend the cause, then finish again.";
        var draft = worker.Draft(label);
        return [draft.Of(new CheckFinished(
            step.Criterion, step.Round, outcome, exitCode, state.TreeId, draft.Payload(text),
            worker.Services.Tokens.Count(text)))];
    }

    private async Task<(CheckOutcome Outcome, int ExitCode, string Output, Label Label)> RunCommandAsync(
        string criterion, CancellationToken cancellationToken)
    {
        var programs = worker.Place!.Grants.OfType<IPrograms>().SingleOrDefault();

        if (programs is null)
        {
            return (CheckOutcome.NotRun, 0, "This run has no sandbox to run it in.", Label.BuiltIn);
        }

        try
        {
            var command = new Command(["/bin/sh", "-c", criterion]);
            var ran = await programs.RunAsync(command, onOutput: null, cancellationToken);
            var passed = ran.Value is { ExitCode: 0, Limit: CommandLimit.None };
            var output = worker.Redact(Tail(ran.Value.Output) + Tail(ran.Value.ErrorOutput));

            return (passed ? CheckOutcome.Passed : CheckOutcome.Failed, ran.Value.ExitCode ?? -1, output, ran.Label);
        }
        catch (ProblemException refusal)
        {
            return (CheckOutcome.NotRun, 0, refusal.Problem.ToString(), Label.BuiltIn);
        }
    }

    private static string Describe(CheckOutcome outcome, int exitCode) => outcome switch
    {
        CheckOutcome.NotRun => "it could not be run",
        _ when exitCode < 0 => "it was ended by a limit or a signal",
        _ => $"exit code {exitCode}",
    };

    private static string Tail(OutputText output)
    {
        var text = Encoding.UTF8.GetString(output.Head.Span) + (output.IsTruncated ? "\n[truncated]\n" : "")
            + Encoding.UTF8.GetString(output.Tail.Span);
        return text.Length <= OutputCharactersMax ? text : text[^OutputCharactersMax..];
    }
}

using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Output;

/// <summary>What a person sees at the end: state and proof, what changed, the bill, and what to do next.</summary>
internal static class RunSummary
{
    public const int ChangesShownMax = 40;

    /// <param name="line">Where a line goes: standard error after a run, standard output for <c>show</c>.</param>
    public static void Write(RunReport report, LineWriter line)
    {
        var (mark, style) = RunWords.MarkOf(report.Status);
        var reason = report.Reason.Length > 0 && report.Reason != report.Status.Word() ? $" ({report.Reason})" : "";
        line([new Piece($"{mark} {report.Status.Word().Replace('_', ' ')}", style), new Piece(reason, Style.Dim)]);

        if (report.Problem.Length > 0)
        {
            line([new Piece($"  {report.Problem}", Style.Bad)]);
        }

        if (report.Status.IsFinal())
        {
            line([$"  {RunWords.Proof(report)}"]);
        }

        WriteCriteria(report, line);

        foreach (var todo in report.Todo.Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(ChangesShownMax))
        {
            line([$"  {InertText.OneLine(todo, 300)}"]);
        }

        WriteChanges(report, line);
        line([new Piece($"  {RunWords.Bill(report.Bill)}", Style.Dim)]);

        foreach (var part in report.Warned)
        {
            line([new Piece($"  {BudgetWords.Warning(part, report.WarnAtPercent)}", Style.Warning)]);
        }

        foreach (var approval in report.Approvals)
        {
            line([new Piece("  waits for you: ", Style.Warning),
                $"{approval.Tool} {InertText.OneLine(approval.Arguments, 500)}"]);
            line([new Piece($"    {approval.Reason}", Style.Dim)]);
        }

        foreach (var next in Next(report))
        {
            line([new Piece("  → ", Style.Accent), next]);
        }
    }

    private static void WriteCriteria(RunReport report, LineWriter line)
    {
        foreach (var criterion in report.Criteria)
        {
            var (mark, style, word) = criterion.Outcome switch
            {
                CheckOutcome.Passed => ("✓", Style.Good, "passed"),
                CheckOutcome.Failed => ("✗", Style.Bad, $"exit {criterion.ExitCode}"),
                _ => ("·", Style.Dim, "not run"),
            };
            line([new Piece($"  {mark} ", style), InertText.OneLine(criterion.Command, 300),
                new Piece($"  {word}", Style.Dim)]);
        }
    }

    private static void WriteChanges(RunReport report, LineWriter line)
    {
        foreach (var change in report.Changes.Take(ChangesShownMax))
        {
            var notes = string.Concat(
                change.IsTest ? "  test" : "", change.IsIgnored ? "  ignored by .gitignore" : "",
                change.IsRefused ? "  never applied" : "", change.IsApplied ? "  applied" : "");
            line(
            [
                $"  {Letter(change.Kind)} {InertText.OneLine(change.Path, 400)}  ",
                new Piece($"+{change.LinesAdded} ", Style.Good), new Piece($"-{change.LinesRemoved}", Style.Bad),
                new Piece(notes, Style.Warning),
            ]);
        }

        if (report.Changes.Count > ChangesShownMax)
        {
            line([$"  … and {report.Changes.Count - ChangesShownMax} more"]);
        }

        if (report.Branch.Length > 0)
        {
            line([$"  commits on branch {report.Branch}"]);
        }

        if (report.IsStale)
        {
            line([new Piece(
                "  stale: another run was applied to this folder since; apply and undo refuse what it changed",
                Style.Warning)]);
        }

        var tests = report.Changes.Count(change => change.IsTest);

        if (tests > 0)
        {
            line([new Piece(
                $"  {RunWords.Count(tests, "test file")} changed: a passing check may pass because of that",
                Style.Warning)]);
        }
    }

    private static char Letter(string kind) => kind.ToLowerInvariant() switch
    {
        "added" => 'A',
        "deleted" => 'D',
        "modified" => 'M',
        _ => 'T',
    };

    private static IEnumerable<string> Next(RunReport report)
    {
        var id = RunWords.ShortId(report);

        switch (report.Status)
        {
            case RunStatus.Waiting when report.Approvals is [{ Tool: Commands.AnswerCommand.QuestionTool }]:
                yield return $"reeve answer {id} TEXT   or   reeve approve {id} --deny";
                yield return $"reeve resume {id}";
                break;
            case RunStatus.Waiting:
                yield return $"reeve approve {id}   or   reeve approve {id} --deny";
                yield return $"reeve resume {id}";
                break;
            case RunStatus.InDoubt:
                var call = report.CallsInDoubt is [var first, ..] ? first : "CALL";
                yield return $"reeve resume {id} --happened {call}   or   --did-not-happen {call}";
                break;
            case RunStatus.Paused or RunStatus.Queued or RunStatus.Running:
                yield return $"reeve resume {id}";
                break;
            case var status when status.IsFinal() && report.Changes.Count > 0 && !report.IsDiscarded:
                yield return report.IsApplied ? $"reeve undo {id}" : $"reeve diff {id}";

                if (!report.IsApplied)
                {
                    yield return $"reeve apply {id}   or   reeve discard {id}";
                }

                break;
            default:
                break;
        }
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Live;

/// <summary>Carries a run on in this terminal: shows it, asks the person, and reports the end.</summary>
internal sealed class RunFollower(World world, IReeveHost host, Settings settings, OutputFormat format)
{
    /// <summary>How long somebody at the terminal is waited for.</summary>
    public static readonly TimeSpan PersonTimeMax = TimeSpan.FromHours(24);

    private Terminal Terminal => world.Terminal;

    public async Task<ExitCode> FollowAsync(RunKey run, string apply, CancellationToken stop)
    {
        var state = await ContinueAsync(run, stop);

        // The run has ended or is parked; what is left to do is told whatever signal came.
        var report = await host.ReportAsync(run, CancellationToken.None);
        var exitCode = ExitCodeOf(report);
        Announce(report);
        var applied = await ApplyAsync(report, state, apply, stop);

        if (applied is { IsDone: false })
        {
            exitCode = ExitCode.Conflict;
        }

        Finish(applied is { IsDone: true } ? report with { IsApplied = true } : report, exitCode, applied);
        return exitCode;
    }

    /// <summary>As above for a dry run: it ends with the list of what would have happened.</summary>
    public async Task<ExitCode> FollowDryAsync(RunKey run, CancellationToken stop)
    {
        await ContinueAsync(run, stop);
        var report = await host.ReportAsync(run, CancellationToken.None);
        var exitCode = ExitCodeOf(report);
        var decisions = await host.DecisionsAsync(run, CancellationToken.None);
        Announce(report);
        Finish(report, exitCode, applied: null, decisions);

        if (format == OutputFormat.Text)
        {
            DecisionWords.Write(decisions, Terminal);
        }

        return exitCode;
    }

    private async Task<RunState?> ContinueAsync(RunKey run, CancellationToken stop)
    {
        using var view = format == OutputFormat.Text ? new LiveView(Terminal, world.Time) : null;
        IRunObserver observer = format switch
        {
            OutputFormat.StreamJson => new StreamView(Terminal),
            OutputFormat.Text => view!,
            _ => new SilentObserver(),
        };
        await RecallAsync(run, view, observer, CancellationToken.None);
        var canAsk = Terminal.CanAsk && settings.Permissions.Mode is not ("dontAsk" or "daemon");
        var queue = new QuestionQueue(observer);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var prompt = canAsk
            ? new ApprovalPrompt(Terminal, host, run).AnswerAllAsync(queue, ending.Token)
            : Task.CompletedTask;

        try
        {
            var options = new RunLoopOptions(canAsk ? PersonTimeMax : settings.ApprovalWait);
            return await host.ContinueAsync(run, queue, options, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            queue.Close();
            await ending.CancelAsync();
            await prompt;
        }
    }

    private ExitCode ExitCodeOf(RunReport report) =>
        report.Status.IsFinal() || world.Signals.First is null ? ExitCodes.Of(report)
        : world.Signals.First == PosixSignal.SIGTERM ? ExitCode.Ok
        : ExitCode.Interrupted;

    /// <summary>A person reads the state before being asked to apply; programs get everything at the end.</summary>
    private void Announce(RunReport report)
    {
        if (format != OutputFormat.Text)
        {
            return;
        }

        if (report.IsStructured)
        {
            // Plain ASCII without control characters: it cannot command a terminal.
            Terminal.OutVerbatim(report.Result + "\n");
        }
        else if (report.Result.Length > 0)
        {
            Terminal.Out(report.Result.TrimEnd());
        }

        RunSummary.Write(report, Terminal.Error);
    }

    private async Task<ApplyReport?> ApplyAsync(
        RunReport report, RunState? state, string apply, CancellationToken stop)
    {
        if (!report.Status.IsFinal() || report.Changes.All(change => change.IsApplied) || stop.IsCancellationRequested)
        {
            return null;
        }

        var isProven = report is { Status: RunStatus.Succeeded, Proof: ProofLevel.Verified };
        var isWanted = (apply == "verified" && isProven)
            || (apply == "ask" && format == OutputFormat.Text && Terminal.CanAsk && await WantsAsync(report, stop));

        if (!isWanted)
        {
            return null;
        }

        // Exactly the tree that was proven and shown is applied; another one meanwhile is refused.
        var reviewedTree = state is null ? null : await TreeAsync(report.Run, state.Tree, stop);
        var applied = await host.ApplyAsync(report.Run, includeIgnored: false, reviewedTree, stop);

        if (format == OutputFormat.Text)
        {
            ApplyWords.Write(applied, RunWords.ShortId(report), "applied", Terminal.Error);
        }

        return applied;
    }

    private async Task<string?> TreeAsync(RunKey run, PayloadRef tree, CancellationToken stop)
    {
        await foreach (var shown in host.EntriesAsync(run, 1, stop))
        {
            if (shown.Texts.TryGetValue(tree, out var digest) && digest.All(char.IsAsciiHexDigit))
            {
                return digest;
            }
        }

        return null;
    }

    /// <summary>What was written before this process joined: the terms of the run, and calls that are still
    /// open.</summary>
    private async Task RecallAsync(RunKey run, LiveView? view, IRunObserver observer, CancellationToken stop)
    {
        await foreach (var shown in host.EntriesAsync(run, 1, stop))
        {
            string TextOf(PayloadRef payload) => shown.Texts.GetValueOrDefault(payload, "");

            if (shown.Entry.Body is RunAdmitted)
            {
                observer.OnEntry(shown.Entry, RunState.Empty, TextOf);
            }
            else
            {
                view?.Recall(shown.Entry, TextOf);
            }
        }
    }

    private async Task<bool> WantsAsync(RunReport report, CancellationToken stop)
    {
        foreach (var change in await host.DiffAsync(report.Run, stop))
        {
            DiffText.Write(change, Terminal.Error);
        }

        while (true)
        {
            var answer = await Terminal.AskAsync(
                stop, new Piece("Apply these changes to your files? [y]es / [n]o: ", Style.Warning));

            switch (answer?.Trim().ToLowerInvariant())
            {
                case "y" or "yes":
                    return true;
                case "n" or "no" or null:
                    return false;
                default:
                    break;
            }
        }
    }

    private void Finish(
        RunReport report, ExitCode exitCode, ApplyReport? applied, IReadOnlyList<RecordedDecision>? dryRun = null)
    {
        if (format == OutputFormat.Text)
        {
            return;
        }

        var document = RunDocument.Of(report, exitCode) with
        {
            Apply = applied is null ? null : ApplyDocument.Of(applied),
            DryRun = dryRun is null ? null : [.. dryRun.Select(DecisionDocument.Of)],
        };
        Terminal.Out(format == OutputFormat.Json
            ? JsonSerializer.Serialize(document, Documents.Default.RunDocument)
            : JsonSerializer.Serialize(new ResultLine("result", document), Documents.Default.ResultLine));
    }
}

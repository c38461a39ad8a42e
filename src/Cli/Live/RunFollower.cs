using System.Runtime.InteropServices;
using System.Text.Json;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
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
        var applied = await ApplyAsync(report, state?.TreeId, apply, stop);

        if (applied is { IsDone: false })
        {
            exitCode = ExitCode.Conflict;
        }

        Finish(applied is { IsDone: true } ? report with { IsApplied = true } : report, exitCode, applied);
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

        if (view is not null)
        {
            await RecallAsync(view, run, stop);
        }

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

    /// <summary>What was recorded before this process took the run is not shown again, but later entries refer to it.</summary>
    private async Task RecallAsync(LiveView view, RunKey run, CancellationToken stop)
    {
        await foreach (var shown in host.EntriesAsync(run, 1, stop))
        {
            view.Recall(shown.Entry, payload => shown.Texts.GetValueOrDefault(payload, ""));
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

        if (report.Result.Length > 0)
        {
            Terminal.Out(report.Result.TrimEnd());
        }

        RunSummary.Write(report, Terminal.Error);
    }

    private async Task<ApplyReport?> ApplyAsync(
        RunReport report, string? reviewedTree, string apply, CancellationToken stop)
    {
        if (!report.Status.IsFinal() || report.Changes.Count == 0 || stop.IsCancellationRequested)
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

        var applied = await host.ApplyAsync(report.Run, includeIgnored: false, reviewedTree, stop);

        if (format == OutputFormat.Text)
        {
            ApplyWords.Write(applied, RunWords.ShortId(report), "applied", Terminal.Error);
        }

        return applied;
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

    private void Finish(RunReport report, ExitCode exitCode, ApplyReport? applied)
    {
        if (format == OutputFormat.Text)
        {
            return;
        }

        var document = RunDocument.Of(report, exitCode) with
        {
            Apply = applied is null ? null : ApplyDocument.Of(applied),
        };
        Terminal.Out(format == OutputFormat.Json
            ? JsonSerializer.Serialize(document, Documents.Default.RunDocument)
            : JsonSerializer.Serialize(new ResultLine("result", document), Documents.Default.ResultLine));
    }
}

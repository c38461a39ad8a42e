using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Cli.Interactive.Display;
using Reeve.Cli.Interactive.Turns;
using Reeve.Cli.Operator;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive;

/// <summary>What runs beside the prompt: a turn of the agent, or a command of the person. One at a time.</summary>
internal sealed class SessionWork(
    SessionDesk desk, LiveArea area, Attachments attachments, Action onChange, Func<Task> onEnd)
{
    /// <summary>Of the output of a command so much is told the model.</summary>
    private const int NoteBytesMax = 8 * 1024;

    private readonly TurnFollower _follower = new(desk.World, desk.Conversation);
    private Task? _task;
    private CancellationTokenSource? _interrupt;
    private TurnView? _view;
    private RunKey? _run;
    private Task? _cancelling;
    private bool _isInterrupted;
    private int _turns;

    private Conversation Conversation => desk.Conversation;

    private Terminal Terminal => desk.Terminal;

    public bool IsWorking => _task is not null;

    public int WaitingMessages => _view?.Messages.Count ?? 0;

    /// <summary>A prompt for the agent: begins a turn, or waits for the one that runs.</summary>
    public async Task PromptAsync(string text, CancellationToken stop)
    {
        var prompt = attachments.Expand(text);

        if (_view is { } view && _run is { } run)
        {
            await _follower.SayAsync(run, view, prompt, stop);
            Terminal.Error(new Piece("  it is told with the next step", Style.Dim));
            return;
        }

        ThrowIfWorking();
        Start(await Conversation.SubmitAsync(prompt, stop), stop);
    }

    /// <summary>Carries on what a slash command left to be carried on.</summary>
    public void StartNext(CancellationToken stop)
    {
        if (desk.Next is { } next)
        {
            desk.Next = null;
            Start(next, stop);
        }
    }

    /// <summary>Runs a command of the person in the sandbox.</summary>
    public void StartCommand(string line, CancellationToken stop)
    {
        ThrowIfWorking();
        Problem.ThrowUnless(line.Length > 0, "command.empty", "Say which command: !ls");
        var judgement = desk.World.Tools.JudgeCommand(line, [], Conversation.Settings);
        Problem.ThrowUnless(
            judgement.Verdict.Decision != Decision.Deny || judgement.Tier is not ("user" or "administrator"),
            "gate.denied", judgement.Verdict.Reason);
        _interrupt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _task = EndingAsync(CommandAsync(line, _interrupt.Token));
    }

    /// <summary>Ends what runs; the session goes on. A turn is cancelled, so that nothing of it is begun
    /// again.</summary>
    public void Interrupt()
    {
        if (_interrupt is not { } interrupt || _isInterrupted)
        {
            return;
        }

        _isInterrupted = true;
        area.Status("interrupting");

        if (_run is { } run)
        {
            _cancelling = CancelAsync(run, interrupt);
        }
        else
        {
            interrupt.Cancel();
        }
    }

    /// <summary>The work is over: what came of it is told.</summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        var (task, view, run, wasInterrupted) = (_task, _view, _run, _isInterrupted);

        try
        {
            await (task ?? Task.CompletedTask);
        }
        catch (OperationCanceledException) when (wasInterrupted)
        {
            // It was asked to end.
        }
        finally
        {
            await (_cancelling ?? Task.CompletedTask);
            _interrupt?.Dispose();
            (_task, _view, _run, _interrupt, _cancelling, _isInterrupted) = (null, null, null, null, null, false);
            view?.Dispose();
            area.Status("");
            area.EndLine();
        }

        if (wasInterrupted)
        {
            Terminal.Error(new Piece("! interrupted", Style.Warning));
        }

        if (run is { } ended && view is not null)
        {
            await TellEndAsync(ended, view, stop);
        }
    }

    /// <summary>Leaves nothing running: a turn is parked, a command ends.</summary>
    public async Task EndAsync()
    {
        if (_task is null)
        {
            return;
        }

        var run = _run;
        _isInterrupted = true;
        await _interrupt!.CancelAsync();

        // Whoever leaves begins nothing new.
        await FinishAsync(new CancellationToken(canceled: true));

        if (run is { } parked)
        {
            Terminal.Error(new Piece(
                $"  → reeve resume {parked.Run.ToString()[..Output.RunWords.ShortIdLength]}", Style.Dim));
        }
    }

    private void Start(RunKey run, CancellationToken stop)
    {
        ThrowIfWorking();
        var view = default(TurnView);
        view = new TurnView(
            Terminal, area, desk.World.Time, Conversation.Host.Redact, isFirst: _turns++ == 0)
        {
            Changed = () =>
            {
                Conversation.State = view!.State;
                onChange();
            },
        };
        (_view, _run) = (view, run);
        _interrupt = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _task = EndingAsync(_follower.FollowAsync(run, view, _interrupt.Token));
    }

    private void ThrowIfWorking() => Problem.ThrowUnless(
        !IsWorking, "session.busy", "Something runs already; Esc interrupts it.");

    private async Task CancelAsync(RunKey run, CancellationTokenSource interrupt)
    {
        try
        {
            await Conversation.Host.CancelAsync(run, interrupt.Token);
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            // The session ends meanwhile, and parks the turn.
        }
        catch (ProblemException)
        {
            // What cannot be told to end is stopped.
            await interrupt.CancelAsync();
        }
    }

    private async Task EndingAsync(Task work)
    {
        try
        {
            await work;
        }
        finally
        {
            await onEnd();
        }
    }

    private async Task TellEndAsync(RunKey run, TurnView view, CancellationToken stop)
    {
        var report = await Conversation.Host.ReportAsync(run, CancellationToken.None);

        if (report.Result.Trim() is { Length: > 0 } result
            && result != Conversation.Host.Redact(view.LastSpeech).Trim())
        {
            var markdown = new Markdown();

            foreach (var line in result.Split('\n'))
            {
                Terminal.Out(markdown.Line(line));
            }
        }

        TurnSummary.Write(report, Terminal);

        if (Conversation.Settings.Apply == "verified" && IsProven(report))
        {
            await desk.VerbAsync("apply", run, "");
        }

        // What it ended without having heard is the next prompt.
        if (!stop.IsCancellationRequested && view.Messages.Unheard() is { Count: > 0 } unheard
            && report.Status.IsFinal())
        {
            Start(await Conversation.SubmitAsync(string.Join("\n\n", unheard), stop), stop);
        }
    }

    private static bool IsProven(RunReport report) => report is
        { Status: RunStatus.Succeeded, Proof: ProofLevel.Verified }
        && report.Changes.Any(change => !change.IsApplied);

    private async Task CommandAsync(string line, CancellationToken stop)
    {
        var output = new MemoryStream();
        var result = await desk.World.Tools.ExecuteAsync(
            new SandboxCommand(
                Conversation.Workspace, ["/bin/sh", "-c", line],
                new SandboxOverrides(null, null, null, null, null, null, null))
            {
                Over = Conversation.Head,
            },
            Conversation.Settings,
            chunk =>
            {
                Terminal.OutBytes(chunk.Bytes.Span, chunk.IsError);
                output.Write(chunk.Bytes.Span[..(int)Math.Min(chunk.Bytes.Length, NoteBytesMax - output.Length)]);
            },
            stop);
        area.EndLine();
        Terminal.Error(new Piece($"  exit {EndOf(result)}; the agent is told with your next prompt", Style.Dim));
        Conversation.Note(Attachments.Labelled(
            $"output of the person's command `{line}`, exit {EndOf(result)}",
            Conversation.Host.Redact(Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length))));
    }

    private static string EndOf(CommandResult result) =>
        result.ExitCode is { } code ? $"{code}" : result.Signal ?? "unknown";
}

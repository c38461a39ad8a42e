using System.Runtime.InteropServices;
using System.Threading.Channels;
using Reeve.Authority;
using Reeve.Cli.Interactive.Display;
using Reeve.Cli.Interactive.Editing;
using Reeve.Cli.Interactive.Keys;
using Reeve.Cli.Interactive.Slash;
using Reeve.Cli.Screen;
using Reeve.Doors.Terminals;
using Reeve.Hosting;

namespace Reeve.Cli.Interactive;

/// <summary>The prompt: reads keys, and hands what is entered to the agent, the sandbox or a slash command.</summary>
/// <remarks>
/// One loop owns the editor and reacts to one happening after the other; the work of a turn runs beside it. However
/// it ends, nothing of the work is left running and the terminal is as it was found.
/// </remarks>
internal sealed class InteractiveSession : ISurface, IDisposable
{
    /// <summary>Keys and signals that wait; past it the keyboard waits.</summary>
    private const int HappeningsMax = 1_024;

    private const int RowsBesidesPrompt = 8;

    private readonly RawTerminal _raw;
    private readonly LiveArea _area;
    private readonly Questions _questions;
    private readonly LineEditor _editor;
    private readonly OperatorWorkspace _files;
    private readonly SessionDesk _desk;
    private readonly SessionWork _work;
    private readonly World _world;
    private readonly List<IDisposable> _signals = [];
    private readonly Channel<Happening> _happenings = Channel.CreateBounded<Happening>(HappeningsMax);
    private string _draft = "";
    private bool _wasInterrupt;

    public InteractiveSession(SessionStart start, RawTerminal raw, LiveArea area)
    {
        var world = start.World;
        _raw = raw;
        _area = area;
        _questions = new Questions(Changed);
        var writer = new LiveWriter(area);
        _world = world with { Terminal = new Terminal(writer, writer, TextReader.Null, world.Terminal.Traits, this) };
        var conversation = new Conversation(start);

        if (start.Head is { } head)
        {
            conversation.Take(head);
        }

        _files = world.Tools.OpenWorkspace(conversation.Settings, start.Workspace);
        _desk = new SessionDesk(_world, conversation);
        _work = new SessionWork(_desk, area, new Attachments(_files), Changed, WorkEnded);
        var history = new History(
            world.Tools.ReadKept(conversation.Settings, HistoryName, History.FileBytesMax), start.Host.Redact,
            text => world.Tools.Keep(conversation.Settings, HistoryName, text));
        _editor = new LineEditor(history, new Completer(_files, () => conversation.Settings));
    }

    private static string HistoryName => "history";

    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Watch();
        _raw.Enter();
        var keys = new KeyPump(_raw.Keyboard, _happenings.Writer, _world.Time).RunAsync(ending.Token);

        try
        {
            _world.Terminal.Out(
                new Piece("reeve", Style.Bold), new Piece("  say what is to be done; /help shows the rest", Style.Dim));
            await LoopAsync(stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // A signal ended it; what works is parked below.
        }
        finally
        {
            await ending.CancelAsync();
            await _work.EndAsync();
            _area.Prompt(null, "", "");
            _raw.Leave();
            await keys;
        }

        return _world.Signals.First is null or PosixSignal.SIGTERM ? ExitCode.Ok : ExitCode.Interrupted;
    }

    void ISurface.Status(string text) => _area.Status(text);

    Task<string?> ISurface.AskAsync(string question, CancellationToken cancellationToken) =>
        _questions.AskAsync(question, cancellationToken);

    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _files.Dispose();
    }

    private async Task LoopAsync(CancellationToken stop)
    {
        Show();

        while (!_desk.IsLeaving)
        {
            await HandleAsync(await _happenings.Reader.ReadAsync(stop), stop);

            if (!_happenings.Reader.TryPeek(out _))
            {
                Show();
            }
        }
    }

    private async Task HandleAsync(Happening happening, CancellationToken stop)
    {
        switch (happening.Kind)
        {
            case HappeningKind.Key:
                await OnKeyAsync(happening.Key, stop);
                break;
            case HappeningKind.InputEnded:
                _desk.IsLeaving = true;
                break;
            case HappeningKind.WorkEnded:
                await TellProblemsAsync(() => _work.FinishAsync(stop));
                break;
            case HappeningKind.Resized:
                _area.Resize();
                break;
            case HappeningKind.Continued:
                _raw.Enter();
                _area.Redraw(clears: false);
                break;
            default:
                SwapForQuestion();
                break;
        }
    }

    private async Task OnKeyAsync(Key key, CancellationToken stop)
    {
        SwapForQuestion();
        var outcome = _editor.Handle(key);
        var isSecond = _wasInterrupt && outcome == EditOutcome.Interrupt;
        _wasInterrupt = outcome == EditOutcome.Interrupt;

        switch (outcome)
        {
            case EditOutcome.Submitted when _editor.IsAnswering:
                Answer();
                break;
            case EditOutcome.Submitted:
                await EnterAsync(_editor.Entered, stop);
                break;
            case EditOutcome.Escape:
                _work.Interrupt();
                break;
            case EditOutcome.Interrupt when isSecond:
            case EditOutcome.EndOfInput:
                _desk.IsLeaving = true;
                break;
            case EditOutcome.Interrupt:
                _editor.Clear();
                _work.Interrupt();
                break;
            case EditOutcome.Suspend when RawTerminal.CanSuspend:
                _area.Withdraw();
                _raw.Suspend();
                break;
            case EditOutcome.Redraw:
                _area.Redraw(clears: true);
                break;
            default:
                break;
        }
    }

    private async Task EnterAsync(string entered, CancellationToken stop)
    {
        var text = entered.Trim();

        if (text.Length == 0)
        {
            return;
        }

        Echo(text);

        // What was refused can be mended: it stands at the prompt again.
        if (!await TellProblemsAsync(() => DispatchAsync(text, stop)))
        {
            _editor.Set(entered);
        }
    }

    private async Task DispatchAsync(string text, CancellationToken stop)
    {
        switch (text)
        {
            case ['/', ..]:
                _desk.IsWorking = _work.IsWorking;
                await SlashTable.RunAsync(_desk, text, stop);
                _work.StartNext(stop);
                break;
            case ['!', .. var command]:
                _work.StartCommand(command.Trim(), stop);
                break;
            default:
                await _work.PromptAsync(text, stop);
                break;
        }
    }

    private async Task<bool> TellProblemsAsync(Func<Task> act)
    {
        try
        {
            await act();
            return true;
        }
        catch (ProblemException refusal)
        {
            _world.Terminal.Error(
                new Piece("✗ ", Style.Bad), $"{refusal.Problem.Code}: {refusal.Problem.Message}");
            return false;
        }
    }

    private void Answer()
    {
        if (_questions.Current is { } question)
        {
            _world.Terminal.Error(new Piece(question, Style.Warning), _editor.Entered);
            _questions.Answer(_editor.Entered);
        }
    }

    /// <summary>A question takes the place of what was being typed, which comes back after the answer.</summary>
    private void SwapForQuestion()
    {
        var isAsked = _questions.Current is not null;

        if (isAsked == _editor.IsAnswering)
        {
            return;
        }

        var shown = _editor.Text;
        _editor.Clear();
        _editor.Set(isAsked ? "" : _draft);
        _draft = isAsked ? shown : "";
        _editor.IsAnswering = isAsked;
    }

    private void Echo(string text)
    {
        var lines = text.Split('\n');

        for (var index = 0; index < lines.Length; index++)
        {
            _world.Terminal.Out(new Piece(index == 0 ? "› " : "  ", Style.Accent), lines[index]);
        }
    }

    private void Show()
    {
        var (columns, rows) = _area.Size;
        var prefix = _editor.IsAnswering && _questions.Current is { } question ? question
            : _editor.Query is { } query ? $"search {query}: " : "› ";
        var hint = _wasInterrupt ? "  Ctrl-C once more leaves" : _editor.Hint;
        _area.Prompt(
            PromptRows.Of(prefix, _editor.Text, _editor.Cursor, columns - 2, rows - RowsBesidesPrompt), hint,
            ContextMeter.Line(_desk.Conversation, _work.WaitingMessages, _work.IsWorking));
    }

    private void Watch()
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Happen(HappeningKind.Resized)));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Happen(HappeningKind.Continued)));

        // Left to its default action afterwards, which stops the process.
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, _ =>
        {
            _area.Withdraw();
            _raw.Leave();
        }));
    }

    private void Changed() => Happen(HappeningKind.Changed);

    // It comes from the work itself, which nobody reads faster than it ends.
    private async Task WorkEnded() =>
        await _happenings.Writer.WriteAsync(new Happening(HappeningKind.WorkEnded), CancellationToken.None);

    // Where so much waits already, the screen is drawn after it.
    private void Happen(HappeningKind kind) => _happenings.Writer.TryWrite(new Happening(kind));
}

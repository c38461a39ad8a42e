using System.Text;
using Reeve.Authority.Mandates;
using Reeve.Cli.Interactive.Display;
using Reeve.Cli.Live;
using Reeve.Cli.Screen;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Kernel.Turns;

namespace Reeve.Cli.Interactive.Turns;

/// <summary>Shows a turn as it happens: speech as it comes, each tool with the end of what it says, the rest as
/// <see cref="LiveView"/> tells it.</summary>
internal sealed class TurnView : IRunObserver, IDisposable
{
    private const int OutputBytesKeptMax = 8 * 1024, LinesKeptMax = 3;

    private readonly Terminal _terminal;
    private readonly LiveArea _area;
    private readonly Func<string, string> _redact;
    private readonly LiveView _lines;
    private readonly SpeechStream _speech;
    private readonly bool _isFirst;
    private readonly Lock _lock = new();
    private readonly List<byte> _output = [];

    /// <param name="isFirst">Where the place of work is told; later turns are in the same.</param>
    public TurnView(Terminal terminal, LiveArea area, TimeProvider time, Func<string, string> redact, bool isFirst)
    {
        _terminal = terminal;
        _area = area;
        _redact = redact;
        _isFirst = isFirst;
        _lines = new LiveView(terminal, time, speaks: false);
        _speech = new SpeechStream(terminal, redact);
    }

    /// <summary>The latest state of the run; null before anything happened.</summary>
    public RunState? State { get; private set; }

    /// <summary>What the model said last, as far as it was shown.</summary>
    public string LastSpeech { get; private set; } = "";

    /// <summary>Messages that were sent and that no request has taken along.</summary>
    public MessagesUnderWay Messages { get; } = new();

    /// <summary>Told after each entry.</summary>
    public Action? Changed { get; init; }

    public LiveView Lines => _lines;

    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
    {
        State = state;

        switch (entry.Body)
        {
            case ViewOpened or SandboxVerified when !_isFirst:
                break;
            case ModelRequested requested:
                Messages.Taken();
                Speak(requested.Purpose == ModelPurpose.Turn ? _speech.Begin : null);
                _lines.OnEntry(entry, state, textOf);
                break;
            case ModelReplied replied:
                OnReply(MessageCodec.Decode(Encoding.UTF8.GetBytes(textOf(replied.Reply))));
                _lines.OnEntry(entry, state, textOf);
                break;
            case InputReceived input:
                Messages.Received(textOf(input.Text));
                _lines.OnEntry(entry, state, text => _redact(textOf(text)));
                break;
            case ToolStarted:
                ClearPane();
                _lines.OnEntry(entry, state, textOf);
                break;
            case ToolFinished finished:
                ClearPane();
                _lines.OnEntry(entry, state, textOf);
                Fold(finished, textOf);
                break;
            default:
                _lines.OnEntry(entry, state, textOf);
                break;
        }

        Changed?.Invoke();
    }

    public void OnDelta(ModelDelta delta)
    {
        if (delta.Kind == ModelDeltaKind.Text)
        {
            Speak(() => _speech.Push(delta.Text));
        }

        _lines.OnDelta(delta);
    }

    public void OnOutput(CallId call, OutputChunk chunk)
    {
        _lines.OnOutput(call, chunk);

        lock (_lock)
        {
            _output.AddRange(chunk.Bytes.Span);

            if (_output.Count > OutputBytesKeptMax)
            {
                _output.RemoveRange(0, _output.Count - OutputBytesKeptMax);
            }

            _area.Pane(LastLines());
        }
    }

    public void Dispose()
    {
        _area.Pane([]);
        _lines.Dispose();
    }

    private void OnReply(Message message)
    {
        Speak(() =>
        {
            if (!_speech.HasHeard && message.Text.Length > 0)
            {
                _speech.Push(message.Text);
            }

            _speech.End();
        });
        LastSpeech = message.Text;
    }

    // Deltas come from the thread that reads the reply.
    private void Speak(Action? say)
    {
        lock (_lock)
        {
            say?.Invoke();
        }
    }

    /// <summary>Whole lines only, and none of a key that is not at its end: half a secret cannot be taken
    /// out.</summary>
    private IReadOnlyList<string> LastLines()
    {
        var text = Encoding.UTF8.GetString([.. _output]);
        var first = _output.Count == OutputBytesKeptMax ? text.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
        var last = text.LastIndexOf('\n');
        return last < first || text.Contains("-----BEGIN", StringComparison.Ordinal)
            ? []
            : [.. _redact(text[first..last]).Split('\n').TakeLast(LiveArea.PaneRowsMax)];
    }

    private void ClearPane()
    {
        lock (_lock)
        {
            _output.Clear();
        }

        _area.Pane([]);
    }

    /// <summary>The end of what a command said stays in sight; the journal has all of it.</summary>
    private void Fold(ToolFinished finished, Func<PayloadRef, string> textOf)
    {
        if (finished.Receipt is null)
        {
            return;
        }

        var lines = _redact(textOf(finished.Observation)).TrimEnd('\n').Split('\n');

        if (lines.Length > LinesKeptMax)
        {
            _terminal.Error(new Piece($"    … {lines.Length - LinesKeptMax} lines above", Style.Dim));
        }

        foreach (var line in lines.TakeLast(LinesKeptMax))
        {
            _terminal.Error(new Piece("    │ " + InertText.OneLine(line, 300), Style.Dim));
        }
    }
}

using System.Text;
using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Recovery;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Kernel.Turns;

namespace Reeve.Cli.Live;

/// <summary>Tells a person what a run does, one quiet line for each thing that happened.</summary>
/// <remarks>
/// Output of commands is counted while it comes and not shown: what was shown before it is whole could not be
/// redacted. The observation that follows is redacted in the journal.
/// </remarks>
/// <param name="speaks">False where somebody else shows what the model says.</param>
internal sealed class LiveView(Terminal terminal, TimeProvider time, bool speaks = true) : IRunObserver, IDisposable
{
    public const int SpeechLinesMax = 12, CallsMax = 4_096;

    private readonly StatusLine _status = new(terminal, time);
    private readonly Dictionary<CallId, (string Tool, string Arguments)> _calls = [];
    private readonly HashSet<CallId> _denied = [];
    private IReadOnlyList<string> _criteria = [];
    private long _outputBytes;
    private int _deltaCharacters;

    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
    {
        switch (entry.Body)
        {
            case RunAdmitted admitted:
                _criteria = CriteriaOf(textOf(admitted.Terms));
                Line(new Piece("reeve", Style.Bold), new Piece(
                    $"  run {entry.Run.ToString()[..RunWords.ShortIdLength]} · {admitted.Model.Name}", Style.Dim));
                break;
            case RunResumed { Epoch: > 1 } resumed:
                Line(new Piece(resumed.Cause == ResumeCause.Recovered ? "↻ recovered" : "↻ resumed", Style.Accent));
                break;
            case ViewOpened view:
                Line(new Piece($"  workspace · {view.Kind} view; your files stay as they are until you apply",
                    Style.Dim));
                break;
            case SandboxVerified sandbox:
                Line(new Piece(
                    $"  sandbox · {sandbox.Tier}, {sandbox.ProbesStopped} of {sandbox.ProbesTotal} attacks "
                        + "on itself stopped",
                    Style.Dim));
                break;
            case SandboxRefused refused:
                Line(new Piece("✗ no sandbox ", Style.Bad), $"{refused.Code}: {OneLine(textOf(refused.Detail))}");
                break;
            case InputReceived input:
                Line(new Piece("› ", Style.Accent), OneLine(textOf(input.Text)));
                break;
            case BudgetWarned warned:
                Line(new Piece($"! {BudgetWords.Warning(warned.Part, warned.Percent)}", Style.Warning));
                break;
            case LimitReached reached:
                Line(new Piece($"! limit reached: {reached.Limit}", Style.Warning));
                break;
            case GuidanceRead { FolderId.Length: > 0 } notes:
                Line(new Piece($"  notes · {OneLine(textOf(notes.Text).Split('\n')[0])}", Style.Dim));
                break;
            case ContextCompacted compacted:
                Line(new Piece($"  context · {RunWords.Of(compacted)}", Style.Dim));
                break;
            case CompactionRequested:
                Line(new Piece("  context · to be summarised before the next step", Style.Dim));
                break;
            case ModelRouted routed:
                Line(
                    new Piece("↻ model ", Style.Warning), Inert(state.TermsOf(routed.To).Name),
                    new Piece($" goes on · {RunWords.Of(routed)}", Style.Dim));
                break;
            case CancelRequested:
                Line(new Piece("! cancelling", Style.Warning));
                break;
            default:
                OnStep(entry, state, textOf);
                break;
        }
    }

    public void OnDelta(ModelDelta delta)
    {
        _deltaCharacters += delta.Text.Length;
        var what = delta.Kind switch
        {
            ModelDeltaKind.Reasoning => "thinking",
            ModelDeltaKind.ToolCall => "calling a tool",
            _ => "writing",
        };
        _status.Detail($"{what}, {_deltaCharacters} characters");
    }

    public void OnOutput(CallId call, OutputChunk chunk)
    {
        _outputBytes += chunk.Bytes.Length;
        _status.Detail($"{_outputBytes} bytes of output");
    }

    public void Dispose() => _status.Dispose();

    private void OnStep(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
    {
        switch (entry.Body)
        {
            case ModelRequested requested:
                _deltaCharacters = 0;
                _status.Show(requested.Purpose == ModelPurpose.Compaction ? "summarising" : $"turn {requested.Turn}");
                break;
            case ModelReplied replied:
                OnReply(entry, replied, textOf);
                break;
            case ModelFailed failed:
                OnFailure(failed, state, textOf);
                break;
            case ToolDecided { Decision: Decision.Deny } denied:
                OnDenied(entry, denied, textOf(denied.Reason));
                break;
            case HookFinished { Answer: HookAnswer.Deny, Point: not HookPoints.BeforeTool } hook:
                Line(new Piece("⊘ hook ", Style.Bad), OneLine(textOf(hook.Reason)));
                break;
            case HookFinished { Answer: HookAnswer.Deny } hook:
                Deny(entry);
                Call(entry, hook.Tool, "⊘", Style.Bad, $"{hook.ProblemCode}: {OneLine(textOf(hook.Reason))}");
                break;
            case ToolRecovering recovering:
                Line(
                    new Piece("↻ tool ", Style.Warning), $"{Inert(recovering.Tool)} failed ({recovering.Code})",
                    new Piece($" · attempt {recovering.Attempt + 1}", Style.Dim));
                break;
            case ApprovalRequested:
                Call(entry, "", "?", Style.Warning, "asks for approval");
                break;
            case ApprovalAnswered answered:
                OnAnswer(entry, answered);
                break;
            case ToolStarted started:
                _outputBytes = 0;
                _status.Show($"{Inert(started.Tool)} {ArgumentsOf(entry)}");
                break;
            case ToolFinished finished:
                OnFinished(entry, finished, textOf);
                break;
            case ToolInDoubt:
                Call(entry, "", "!", Style.Warning, "nobody can tell whether it happened");
                break;
            case CheckStarted check:
                _status.Show($"check {Criterion(check.Criterion)}");
                break;
            case CheckFinished check:
                OnCheck(check);
                break;
            case OutputChecked { Fits: false }:
                Line(new Piece("✗ output  ", Style.Bad), "does not fit the schema");
                break;
            case RunParked or RunFinished:
                _status.Hide();
                break;
            default:
                break;
        }
    }

    /// <summary>Remembers calls of an earlier entry, without a word.</summary>
    public void Recall(RunEvent entry, Func<PayloadRef, string> textOf)
    {
        try
        {
            if (entry.Body is ModelReplied replied)
            {
                Remember(entry, replied, textOf);
            }
        }
        catch (JsonException)
        {
            // What was redacted may be no JSON any more; the call is then shown by its tool alone.
        }
    }

    private static IReadOnlyList<string> CriteriaOf(string terms)
    {
        try
        {
            return RunTerms.FromBytes(Encoding.UTF8.GetBytes(terms)).Criteria;
        }
        catch (JsonException)
        {
            // Redacted, as above; criteria are then shown by their number.
            return [];
        }
    }

    /// <summary>A reason has lines: the sentence first, then which rule said so.</summary>
    private void OnDenied(RunEvent entry, ToolDecided denied, string reason)
    {
        Deny(entry);
        var lines = reason.Split('\n', 2);
        var rule = lines.Length > 1 ? $" ({InertText.OneLine(lines[1], 80)})" : "";
        var code = denied.ProblemCode.Length > 0 ? denied.ProblemCode : "denied";
        Call(entry, denied.Tool, "⊘", Style.Bad, $"{code}: {OneLine(lines[0])}{rule}");
    }

    private void OnReply(RunEvent entry, ModelReplied replied, Func<PayloadRef, string> textOf)
    {
        var message = Remember(entry, replied, textOf);

        if (replied.IsCached)
        {
            Line(new Piece("  model · answered from what was kept, at no cost", Style.Dim));
        }

        // The last words are the result: they are printed at the end, on standard output.
        if (speaks && replied.Shape != ReplyShape.Final && !string.IsNullOrWhiteSpace(message.Text))
        {
            Speech(message.Text);
        }
    }

    private Message Remember(RunEvent entry, ModelReplied replied, Func<PayloadRef, string> textOf)
    {
        var message = MessageCodec.Decode(Encoding.UTF8.GetBytes(textOf(replied.Reply)));
        var index = 0;

        foreach (var call in message.ToolCalls)
        {
            if (_calls.Count < CallsMax)
            {
                _calls[new CallId(entry.Sequence, index)] = (call.Name, CallWords.Of(call.Arguments));
            }

            index++;
        }

        return message;
    }

    private void Speech(string text)
    {
        var lines = text.Trim().Split('\n');

        foreach (var line in lines.Take(SpeechLinesMax))
        {
            Line(new Piece("  " + InertText.OneLine(line, 400)));
        }

        if (lines.Length > SpeechLinesMax)
        {
            Line(new Piece($"  … {lines.Length - SpeechLinesMax} more lines", Style.Dim));
        }
    }

    private void OnFailure(ModelFailed failed, RunState state, Func<PayloadRef, string> textOf)
    {
        if (failed.Action == RecoveryAction.Reset)
        {
            Line(
                new Piece("↻ model ", Style.Warning), $"{failed.Code}: {OneLine(textOf(failed.Detail))}",
                new Piece(" · asked anew with a summary of the conversation", Style.Dim));
            return;
        }

        var isPassedOn = state.Model.Stage == ModelStage.Idle;
        var isOver = !isPassedOn && (!failed.IsRetryable || state.Model.Stage == ModelStage.Failed);
        var next = isOver ? ""
            : isPassedOn ? $" · {Inert(state.TermsOf(state.ModelIndex).Name)} is asked instead"
            : $" · attempt {failed.Attempt + 1} in {RunWords.Time(state.Model.Pause)}";
        Line(
            new Piece(isOver ? "✗ model " : "↻ model ", isOver ? Style.Bad : Style.Warning),
            $"{failed.Code}: {OneLine(textOf(failed.Detail))}",
            new Piece(next, Style.Dim));
        _status.Show(isOver ? "ending" : isPassedOn ? "asking another model" : "waiting to try again");
    }

    private void OnAnswer(RunEvent entry, ApprovalAnswered answered)
    {
        var (mark, style, word) = answered.Answer switch
        {
            ApprovalAnswer.Approved => ("✓", Style.Good, "approved"),
            ApprovalAnswer.Expired => ("⊘", Style.Bad, "nobody answered in time"),
            _ => ("⊘", Style.Bad, "denied by a person"),
        };

        if (answered.Answer != ApprovalAnswer.Approved)
        {
            Deny(entry);
        }

        Call(entry, "", mark, style, word);
    }

    /// <summary>What was told as denied is not told again as refused.</summary>
    private void Deny(RunEvent entry)
    {
        if (entry.Call is { } call && _denied.Count < CallsMax)
        {
            _denied.Add(call);
        }
    }

    private void OnFinished(RunEvent entry, ToolFinished finished, Func<PayloadRef, string> textOf)
    {
        var took = finished.Milliseconds > 0 ? RunWords.Time(TimeSpan.FromMilliseconds(finished.Milliseconds)) : "";

        switch (finished.Outcome)
        {
            case ToolOutcome.Done:
                Call(entry, finished.Tool, "✓", Style.Good, took);
                break;
            case ToolOutcome.Failed:
                var exit = finished.Receipt is { } receipt ? $"exit {receipt.ExitCode}" : "failed";
                var said = finished.Receipt is null ? "" : $" · {LastLine(textOf(finished.Observation))}";
                Call(entry, finished.Tool, "✗", Style.Warning, (took.Length > 0 ? $"{exit} · {took}" : exit) + said);
                break;
            case ToolOutcome.Refused when entry.Call is not { } refused || !_denied.Remove(refused):
                Call(entry, finished.Tool, "⊘", Style.Bad, OneLine(textOf(finished.Observation)));
                break;
            case ToolOutcome.Cancelled:
                Call(entry, finished.Tool, "·", Style.Dim, "cancelled");
                break;
            case ToolOutcome.Broken:
                Call(entry, finished.Tool, "✗", Style.Bad, "internal error");
                break;
            default:
                break;
        }
    }

    private void OnCheck(CheckFinished check)
    {
        var (mark, style, word) = check.Outcome switch
        {
            CheckOutcome.Passed => ("✓", Style.Good, "passed"),
            CheckOutcome.Failed => ("✗", Style.Bad, $"exit {check.ExitCode}"),
            _ => ("·", Style.Warning, "not run"),
        };
        Line(new Piece($"{mark} check  ", style), Criterion(check.Criterion), new Piece($"  {word}", Style.Dim));
    }

    private void Call(RunEvent entry, string tool, string mark, Style style, string note)
    {
        var name = entry.Call is { } call && _calls.TryGetValue(call, out var known) ? known.Tool : tool;
        Line(
            new Piece($"{mark} ", style), new Piece(Inert(name), Style.Bold), new Piece($"  {ArgumentsOf(entry)}"),
            new Piece(note.Length > 0 ? $"  {note}" : "", style is Style.Good ? Style.Dim : style));
    }

    private string ArgumentsOf(RunEvent entry) =>
        entry.Call is { } call && _calls.TryGetValue(call, out var known) ? known.Arguments : "";

    private string Criterion(int index) =>
        index >= 0 && index < _criteria.Count
            ? InertText.OneLine(_criteria[index], CallWords.LengthMax)
            : $"#{index + 1}";

    private void Line(params ReadOnlySpan<Piece> pieces) => terminal.Error(pieces);

    /// <summary>What a failing command says last is most often why.</summary>
    private static string LastLine(string observation) => OneLine(
        observation.Split('\n').LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "");

    private static string OneLine(string text) => InertText.OneLine(text, 300);

    private static string Inert(string text) => InertText.OneLine(text, 60);
}

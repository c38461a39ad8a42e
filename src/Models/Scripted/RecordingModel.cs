using System.Collections.Concurrent;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;

namespace Reeve.Models.Scripted;

/// <summary>Passes every call on and keeps what was said, as a script that says it again.</summary>
/// <remarks>Replies given before it was there, as in a resumed run, are taken from the conversation itself.</remarks>
public sealed class RecordingModel : IModel
{
    private readonly IModel _inner;
    private readonly ConcurrentDictionary<int, ScriptTurn> _turns;

    public RecordingModel(IModel inner)
        : this(inner, new ConcurrentDictionary<int, ScriptTurn>())
    {
    }

    private RecordingModel(IModel inner, ConcurrentDictionary<int, ScriptTurn> turns) =>
        (_inner, _turns) = (inner, turns);

    public string Name => _inner.Name;

    /// <summary>Another model of the same conversation; what it says is kept in the same script.</summary>
    public RecordingModel Around(IModel another) => new(another, _turns);

    public async Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
    {
        var replies = request.Messages.Where(message => message.Role == MessageRole.Assistant).ToList();

        for (var index = 0; index < replies.Count; index++)
        {
            _turns.TryAdd(index, TurnOf(replies[index], stop: null, usage: null));
        }

        var reply = await _inner.CallAsync(request, onDelta, cancellationToken).ConfigureAwait(false);
        _turns[replies.Count] = TurnOf(reply.Message, StopOf(reply.Stop), reply.Usage) is var turn
            && reply.Usage is null
            ? turn with { Reply = turn.Reply! with { NoUsage = true } } : turn;

        return reply;
    }

    /// <summary>The turns so far, from the first one without a gap.</summary>
    public Script ToScript()
    {
        var ordered = Enumerable.Range(0, _turns.Count).TakeWhile(_turns.ContainsKey).Select(index => _turns[index]);
        return new Script([.. ordered]) { Model = _inner.Name };
    }

    private static ScriptTurn TurnOf(Message message, string? stop, Usage? usage)
    {
        var reply = new ScriptReply(
            message.Text, string.Concat(message.Parts.OfType<ReasoningPart>().Select(part => part.Text)), Stop: stop)
        {
            Usage = usage is null
                ? null
                : new ScriptUsage(
                    usage.InputTokens, usage.OutputTokens, usage.CachedInputTokens, usage.ReasoningTokens),
            Calls = [.. message.ToolCalls.Select(call => new ScriptCall(call.Name, Raw: call.Arguments, Id: call.Id))],
        };

        return new ScriptTurn(reply);
    }

    private static string StopOf(StopReason stop) => stop switch
    {
        StopReason.EndOfTurn => "end_turn",
        StopReason.ToolCalls => "tool_calls",
        StopReason.OutputLimit => "output_limit",
        StopReason.Refusal => "refusal",
        StopReason.ContentFilter => "content_filter",
        _ => "unknown",
    };
}

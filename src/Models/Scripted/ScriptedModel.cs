using System.Runtime.CompilerServices;
using Reeve.Authority;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.Scripted;

/// <summary>Plays a script in process. Where it stands follows from the conversation, so it survives any
/// crash.</summary>
/// <remarks>
/// A fault becomes the failure that the same fault causes over HTTP. Attempts are counted per conversation and
/// turn, for as long as the conversation is in memory.
/// </remarks>
public sealed class ScriptedModel(Script script, string name, TimeProvider time) : IModel
{
    /// <summary>How long the line stays open and silent before an adapter would give up on it.</summary>
    public static readonly TimeSpan SilenceMax = ModelTimeouts.Default.SilenceMax;

    private readonly ScriptPlayer _player = new(script);

    // Two attempts of one turn send the very same last message, and two runs never do.
    private readonly ConditionalWeakTable<Message, StrongBox<int>> _attempts = [];

    public string Name { get; } = $"scripted/{name}";

    public async Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
    {
        var (turn, index) = _player.Find(request.Messages);
        var attempt = request.Messages.Count == 0
            ? 1 : Interlocked.Increment(ref _attempts.GetOrCreateValue(request.Messages[^1]).Value);

        if (turn.LatencyMs > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(turn.LatencyMs), time, cancellationToken).ConfigureAwait(false);
        }

        cancellationToken.ThrowIfCancellationRequested();

        if (ScriptPlayer.FaultOf(turn, attempt) is { } fault)
        {
            throw await FailAsync(fault, cancellationToken).ConfigureAwait(false);
        }

        var reply = ScriptedReply.Of(turn.Reply, index, request.Messages.Count);
        Tell(reply, turn, onDelta);

        return new ModelReply(reply.ToMessage(), reply.Stop, reply.Usage, script.Model ?? Name);
    }

    private static void Tell(ScriptedReply reply, ScriptTurn turn, Action<ModelDelta>? onDelta)
    {
        if (onDelta is null)
        {
            return;
        }

        foreach (var piece in ScriptPieces.Of(reply.Reasoning, turn.DeltaCharacters))
        {
            onDelta(new ModelDelta(ModelDeltaKind.Reasoning, piece));
        }

        foreach (var piece in ScriptPieces.Of(reply.Text, turn.DeltaCharacters))
        {
            onDelta(new ModelDelta(ModelDeltaKind.Text, piece));
        }

        foreach (var call in reply.Calls)
        {
            onDelta(new ModelDelta(ModelDeltaKind.ToolCall, call.Name));
        }
    }

    private async Task<ModelCallException> FailAsync(ScriptFault fault, CancellationToken cancellationToken)
    {
        switch (fault.Kind)
        {
            case ScriptFaultKind.Cut:
                return CallFailures.Truncated();
            case ScriptFaultKind.Malformed:
                return CallFailures.MalformedStream();
            case ScriptFaultKind.Silence:
                await Task.Delay(SilenceMax, time, cancellationToken).ConfigureAwait(false);
                return new ModelCallException(
                    new Problem("model.silent", "The model sent nothing for too long.", IsRetryable: true),
                    wasSent: true);
            case ScriptFaultKind.StreamError:
                return ProviderErrors.Map(529, ScriptedErrors.HeadersOf(fault), default, time.GetUtcNow());
            default:
                return ProviderErrors.Map(fault.Status, ScriptedErrors.HeadersOf(fault), default, time.GetUtcNow());
        }
    }
}

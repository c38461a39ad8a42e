using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;

namespace Reeve.Tests.Simulation.Hosts;

/// <summary>A model that answers when it is told to: first with one call where there is one, then with the end.</summary>
public sealed class GatedModel : IModel
{
    private TaskCompletionSource _gate = Opened();
    private TaskCompletionSource _called = New();
    private int _inFlight;

    public sealed record Ask(string Tool, string Arguments);

    public string Name => "simulated/gated";

    public Ask? Reply { get; init; }

    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Completes when somebody waits at the closed gate.</summary>
    public Task Called => _called.Task;

    public void Close() => (_gate, _called) = (New(), New());

    public void Open() => _gate.TrySetResult();

    public async Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inFlight);

        try
        {
            _called.TrySetResult();
            await _gate.Task.WaitAsync(cancellationToken);
            return Answer(request);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    private ModelReply Answer(ModelRequest request)
    {
        var isFirst = !request.Messages.Any(message => message.Role == MessageRole.Assistant);
        MessagePart part = isFirst && Reply is { } ask ? new ToolCallPart("c", ask.Tool, ask.Arguments) : new TextPart("Done.");
        return new ModelReply(
            new Message(MessageRole.Assistant, [part]),
            part is TextPart ? StopReason.EndOfTurn : StopReason.ToolCalls, new Usage(10, 10), Name);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TaskCompletionSource Opened()
    {
        var gate = New();
        gate.SetResult();
        return gate;
    }
}

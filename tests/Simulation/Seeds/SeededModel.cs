using System.Collections.Immutable;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;
using Reeve.Tests.Simulation.World;

namespace Reeve.Tests.Simulation.Seeds;

/// <summary>A model that works a little, lies a little and fails a lot, always in the same way for the same seed.</summary>
public sealed class SeededModel(SeedPlan plan, JumpingTime time) : IModel
{
    private readonly Random _random = new(plan.Seed);
    private readonly Lock _gate = new();
    private int _replies;

    public string Name => "simulated/seeded";

    /// <summary>Tokens the provider billed beyond what it had been allowed.</summary>
    public bool HasOverbilled { get; private set; }

    public async Task<ModelReply> CallAsync(
        ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        Transcripts.ThrowUnlessPaired(request.Messages);

        lock (_gate)
        {
            onDelta?.Invoke(new ModelDelta(ModelDeltaKind.Text, "…"));
            ThrowSometimes();
            return request.Tools.Count == 0 ? Summary(request) : Turn(request);
        }
    }

    private void ThrowSometimes()
    {
        if (_random.NextDouble() >= plan.FaultRate)
        {
            return;
        }

        time.Jump(TimeSpan.FromSeconds(_random.Next(20)));
        var (code, isRetryable, wasSent) = _random.Next(7) switch
        {
            0 => ("model.rate_limited", true, true),
            1 => ("model.server_error", true, true),
            2 => ("model.overloaded", true, true),
            3 => ("model.truncated", true, true),
            4 => ("model.malformed", true, true),
            5 => ("model.silent", true, true),
            _ => ("model.unreachable", true, false),
        };
        var retryAfter = _random.Next(3) == 0 ? TimeSpan.FromMilliseconds((_random.Next(1, 90) * 1_000) + 7) : default(TimeSpan?);
        throw new ModelCallException(new Problem(code, "It failed.", isRetryable), wasSent, retryAfter);
    }

    private ModelReply Summary(ModelRequest request) =>
        Reply(request, [new TextPart(_random.Next(10) == 0 ? "" : "What was done so far.")], StopReason.EndOfTurn);

    private ModelReply Turn(ModelRequest request)
    {
        _replies++;

        if (_replies > plan.Turns)
        {
            return _random.Next(3) == 0
                ? Reply(request, [new TextPart("All of it is done and all tests pass.")], StopReason.EndOfTurn)
                : Calls(request, Call("finish", new { summary = "Finished." }));
        }

        return _random.Next(20) switch
        {
            0 => Reply(request, [new TextPart("")], StopReason.EndOfTurn),
            1 => Reply(request, [new TextPart("half of"), Call("send", new { id = "never" })], StopReason.OutputLimit),
            2 => Calls(request, Raw("write", "{\"path\": \"x")),
            3 => Calls(request, Raw("read", "{\"path\": \"a\", \"surprise\": true}"), Raw("no_such_tool", "{}")),
            4 => Calls(request, Call("edit", new { path = File(), oldText = "not there", newText = "x" })),
            5 or 6 => Calls(request, Looks()),
            _ => Calls(request, [.. Enumerable.Range(0, 1 + _random.Next(3)).Select(_ => Work())]),
        };
    }

    private ToolCallPart[] Looks() =>
        [.. Enumerable.Range(0, 2 + _random.Next(8)).Select(number => Call("look", new { id = $"{_replies}.{number}" }))];

    private ToolCallPart Work() => _random.Next(12) switch
    {
        0 => Call("send", new { id = Id() }),
        1 => Call("pay", new { id = Id() }),
        2 => Call("order", new { id = Id() }),
        3 => Call("post", new { id = Id() }),
        4 => Call("delete", new { path = File() }),
        5 or 6 => Call("read", new { path = File() }),
        7 => Call("read", new { path = "large.txt" }),
        8 => Call("grep", new { pattern = "word" }),
        9 when plan.HasSandbox => Call("shell", new { command = $"echo {_replies} >> {File()}; ls" }),
        10 when plan.HasSandbox => Call("write", new { path = "proof.txt", content = _random.Next(2) == 0 ? "yes" : "no" }),
        _ => Call("write", new { path = File(), content = $"word {_random.Next()}\n" }),
    };

    private string File() => $"f{_random.Next(5)}.txt";

    private string Id() => $"{_replies}.{_random.Next(1_000_000)}";

    private ToolCallPart Call(string name, object arguments) => Raw(name, JsonSerializer.Serialize(arguments));

    // Some providers name every call alike, or not at all.
    private ToolCallPart Raw(string name, string arguments) =>
        new(_random.Next(8) == 0 ? "" : $"c{_random.Next(4)}", name, arguments);

    private ModelReply Calls(ModelRequest request, params ToolCallPart[] calls) =>
        Reply(request, [.. calls], StopReason.ToolCalls);

    private ModelReply Reply(ModelRequest request, ImmutableArray<MessagePart> parts, StopReason stop) =>
        new(new Message(MessageRole.Assistant, parts), stop, Bill(request), Name);

    private Usage? Bill(ModelRequest request)
    {
        if (_random.Next(3) == 0)
        {
            return null;
        }

        var isLie = _random.Next(40) == 0;
        HasOverbilled |= isLie;
        return new Usage(_random.Next(2_000), isLie ? request.OutputTokensMax * 3L : _random.Next(request.OutputTokensMax));
    }
}

/// <summary>What every provider demands of a conversation.</summary>
public static class Transcripts
{
    /// <summary>The results of a reply's calls, all of them and no others, follow it at once.</summary>
    public static void ThrowUnlessPaired(IReadOnlyList<Message> messages)
    {
        for (var index = 0; index < messages.Count; index++)
        {
            var asked = messages[index].ToolCalls.Select(call => call.Id).Order(StringComparer.Ordinal).ToList();
            var next = index + 1 < messages.Count ? messages[index + 1] : Message.OfUser("");
            var given = next.Parts.OfType<ToolResultPart>().Select(part => part.CallId).Order(StringComparer.Ordinal);

            if (!asked.SequenceEqual(given, StringComparer.Ordinal))
            {
                throw new InvalidOperationException($"Message {index}: a call without its result, or the reverse.");
            }
        }
    }
}

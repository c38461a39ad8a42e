using System.Text;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Runs;

/// <summary>What a worker keeps of a run in memory: opened payloads it needs again, messages, labels.</summary>
/// <remarks>All of it can be read anew from the journal; it is bounded by what the model's context can hold.</remarks>
public sealed class RunMemory(RunKey run, IRunStore store, PayloadSealer sealer)
{
    /// <summary>Opened payloads kept; the oldest go first.</summary>
    public const int PayloadsMax = 4_096;

    /// <summary>Labels that have their number in every run.</summary>
    internal const int LabelsBuiltIn = 2;

    /// <summary>Bytes of opened payloads kept.</summary>
    public const long PayloadBytesMax = 64L << 20;

    // The acts of a run read and remember side by side with its loop.
    private readonly Lock _turn = new();
    private readonly Dictionary<PayloadRef, byte[]> _plain = [];
    private readonly Queue<PayloadRef> _order = new();
    private readonly Dictionary<PayloadRef, Message> _messages = [];
    private readonly List<Label> _labels = [Label.LeastTrusted, Label.BuiltIn];
    private long _bytes;

    public void Remember(EventDraft draft)
    {
        foreach (var (payload, bytes) in draft.Plain)
        {
            Keep(payload, bytes);
        }
    }

    /// <summary>The bytes of a payload.</summary>
    /// <exception cref="ProblemException"><c>payload.erased</c> when it was erased.</exception>
    public async ValueTask<byte[]> BytesAsync(PayloadRef payload, CancellationToken cancellationToken)
    {
        if (payload.IsNone)
        {
            return [];
        }

        lock (_turn)
        {
            if (_plain.TryGetValue(payload, out var known))
            {
                return known;
            }
        }

        var stored = await store.PayloadAsync(run, payload, cancellationToken);
        Problem.ThrowUnless(stored is not null, "payload.erased", "This part of the run was erased.");

        var bytes = sealer.Open(payload, stored);
        Keep(payload, bytes);
        return bytes;
    }

    public async ValueTask<string> TextAsync(PayloadRef payload, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await BytesAsync(payload, cancellationToken));

    /// <summary>The reply of the model under a reference; the same instance each time.</summary>
    public async ValueTask<Message> ReplyAsync(PayloadRef payload, CancellationToken cancellationToken)
    {
        return Known(payload) ?? KeepFirst(payload, MessageCodec.Decode(await BytesAsync(payload, cancellationToken)));
    }

    /// <summary>A message made once from other payloads, kept under the first of them.</summary>
    public async ValueTask<Message> MessageAsync(PayloadRef first, Func<ValueTask<Message>> make)
    {
        return Known(first) ?? KeepFirst(first, await make());
    }

    public void KeepReply(PayloadRef payload, Message message)
    {
        lock (_turn)
        {
            _messages[payload] = message;
        }
    }

    /// <summary>Drops messages that no item of the state needs any more.</summary>
    public void Forget(IEnumerable<PayloadRef> payloads)
    {
        lock (_turn)
        {
            foreach (var payload in payloads)
            {
                _messages.Remove(payload);
            }
        }
    }

    public Label LabelOf(LabelId id)
    {
        lock (_turn)
        {
            return id.Index < _labels.Count ? _labels[id.Index] : Label.LeastTrusted;
        }
    }

    /// <summary>The number of a label in this run, given to it now where it has none yet.</summary>
    public (LabelId Id, bool IsNew) FindOrAdd(Label label)
    {
        lock (_turn)
        {
            var index = _labels.IndexOf(label);

            if (index >= 0)
            {
                return (new LabelId(index), false);
            }

            _labels.Add(label);
            return (new LabelId(_labels.Count - 1), true);
        }
    }

    /// <param name="definitions">In the order of their numbers, from the first that is not built in.</param>
    public async Task LoadLabelsAsync(IReadOnlyList<PayloadRef> definitions, CancellationToken cancellationToken)
    {
        for (var index = 0; index < definitions.Count; index++)
        {
            await LoadLabelAsync(LabelsBuiltIn + index, definitions[index], cancellationToken);
        }
    }

    public async Task LoadLabelAsync(int index, PayloadRef definition, CancellationToken cancellationToken)
    {
        // A number that was given and never recorded belongs to no label: nothing is known of it.
        var label = definition.IsNone ? Label.LeastTrusted : Decode(await BytesAsync(definition, cancellationToken));

        lock (_turn)
        {
            while (_labels.Count <= index)
            {
                _labels.Add(Label.LeastTrusted);
            }

            _labels[index] = label;
        }
    }

    internal static byte[] Encode(Label label) => JsonSerializer.SerializeToUtf8Bytes(
        new LabelDefinition(
            label.Sources?.Select(source => source.Name).Order(StringComparer.Ordinal).ToList(),
            label.ReadersOrEveryone?.Select(reader => reader.Name).Order(StringComparer.Ordinal).ToList()),
        RunShapes.Default.LabelDefinition);

    private static Label Decode(byte[] bytes)
    {
        var definition = JsonSerializer.Deserialize(bytes, RunShapes.Default.LabelDefinition)!;
        return Label.Of(
            definition.Sources?.Select(name => new SourceId(name)),
            definition.Readers?.Select(name => new ReaderId(name)));
    }

    private Message? Known(PayloadRef payload)
    {
        lock (_turn)
        {
            return _messages.GetValueOrDefault(payload);
        }
    }

    // Two may have made it at once; both then hold the first.
    private Message KeepFirst(PayloadRef payload, Message message)
    {
        lock (_turn)
        {
            return _messages.TryAdd(payload, message) ? message : _messages[payload];
        }
    }

    private void Keep(PayloadRef payload, byte[] bytes)
    {
        lock (_turn)
        {
            if (!_plain.TryAdd(payload, bytes))
            {
                return;
            }

            _order.Enqueue(payload);
            _bytes += bytes.Length;

            while (_order.Count > PayloadsMax || _bytes > PayloadBytesMax)
            {
                var oldest = _order.Dequeue();
                _bytes -= _plain[oldest].Length;
                _plain.Remove(oldest);
            }
        }
    }
}

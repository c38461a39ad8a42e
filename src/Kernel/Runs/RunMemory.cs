using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Runs;

/// <summary>What a worker keeps of a run in memory: opened payloads it needs again, messages, labels.</summary>
/// <remarks>
/// All of it can be read anew from the journal; it is bounded by what the model's context can hold. Calls that run
/// side by side read it together; only the loop numbers labels.
/// </remarks>
public sealed class RunMemory(RunKey run, IRunStore store, PayloadSealer sealer)
{
    /// <summary>Opened payloads kept; the oldest go first.</summary>
    public const int PayloadsMax = 4_096;

    /// <summary>Bytes of opened payloads kept.</summary>
    public const long PayloadBytesMax = 64L << 20;

    private readonly ConcurrentDictionary<PayloadRef, byte[]> _plain = [];
    private readonly ConcurrentQueue<PayloadRef> _order = new();
    private readonly ConcurrentDictionary<PayloadRef, Message> _messages = [];
    private ImmutableList<Label> _labels = [Label.LeastTrusted, Label.BuiltIn];
    private long _bytes;

    public void Remember(EventDraft draft)
    {
        for (var index = 0; index < draft.Plain.Count; index++)
        {
            Keep(draft.Payloads[index].Ref, draft.Plain[index]);
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

        if (_plain.TryGetValue(payload, out var known))
        {
            return known;
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
        if (!_messages.TryGetValue(payload, out var message))
        {
            message = _messages.GetOrAdd(
                payload, MessageCodec.Decode(await BytesAsync(payload, cancellationToken)));
        }

        return message;
    }

    /// <summary>A message that was kept under the first payload it was made from; null when there is none.</summary>
    public Message? TryMessage(PayloadRef first) => _messages.GetValueOrDefault(first);

    public void KeepMessage(PayloadRef first, Message message) => _messages[first] = message;

    /// <summary>Drops messages that no item of the state needs any more.</summary>
    public void Forget(IEnumerable<PayloadRef> payloads)
    {
        foreach (var payload in payloads)
        {
            _messages.TryRemove(payload, out _);
        }
    }

    public Label LabelOf(LabelId id) => id.Index < _labels.Count ? _labels[id.Index] : Label.LeastTrusted;

    /// <summary>The number of a label in this run; null when it has none yet.</summary>
    public LabelId? Find(Label label)
    {
        var index = _labels.IndexOf(label);
        return index < 0 ? null : new LabelId(index);
    }

    public LabelId Add(Label label)
    {
        _labels = _labels.Add(label);
        return new LabelId(_labels.Count - 1);
    }

    public async Task LoadLabelsAsync(IEnumerable<PayloadRef> definitions, CancellationToken cancellationToken)
    {
        foreach (var definition in definitions)
        {
            _labels = _labels.Add(Decode(await BytesAsync(definition, cancellationToken)));
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

    private void Keep(PayloadRef payload, byte[] bytes)
    {
        if (!_plain.TryAdd(payload, bytes))
        {
            return;
        }

        _order.Enqueue(payload);
        var kept = Interlocked.Add(ref _bytes, bytes.Length);

        while ((_order.Count > PayloadsMax || kept > PayloadBytesMax) && _order.TryDequeue(out var oldest))
        {
            kept = _plain.TryRemove(oldest, out var dropped)
                ? Interlocked.Add(ref _bytes, -dropped.Length) : Interlocked.Read(ref _bytes);
        }
    }
}

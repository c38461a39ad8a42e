using System.Collections.Immutable;
using System.Text;
using Reeve.Authority.Labels;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal;

/// <summary>An entry about to be appended: a body and the payloads it commits to.</summary>
public sealed class EventDraft(PayloadSealer sealer, LabelId label, long causedBy, CallId? call)
{
    private readonly List<StoredPayload> _payloads = [];
    private readonly List<byte[]> _plain = [];

    public LabelId Label { get; private set; } = label;

    /// <summary>A label that gets its number when the entry is appended, in the order of the journal.</summary>
    public Label? Labelled { get; private init; }

    public long CausedBy { get; } = causedBy;

    public CallId? Call { get; } = call;

    public EventBody Body { get; private set; } = null!;

    public IReadOnlyList<StoredPayload> Payloads => _payloads;

    /// <summary>The plain bytes of the payloads, in their order, so that whoever wrote them need not open them
    /// again.</summary>
    public IReadOnlyList<byte[]> Plain => _plain;

    public static EventDraft LabelledWith(PayloadSealer sealer, Label label, long causedBy, CallId? call) =>
        new(sealer, LabelId.LeastTrusted, causedBy, call) { Labelled = label };

    /// <summary>Gives the label its number.</summary>
    public void Number(LabelId label) => Label = label;

    public PayloadRef Payload(string text) => Payload(Encoding.UTF8.GetBytes(text));

    public PayloadRef Payload(byte[] bytes)
    {
        var payload = sealer.Seal(bytes);
        _payloads.Add(payload);
        _plain.Add(bytes);
        return payload.Ref;
    }

    /// <summary>What the entry commits to.</summary>
    public ImmutableArray<PayloadRef> Commitments()
    {
        var commitments = ImmutableArray.CreateBuilder<PayloadRef>(_payloads.Count);

        foreach (var payload in _payloads)
        {
            commitments.Add(payload.Ref);
        }

        return commitments.MoveToImmutable();
    }

    /// <summary>The plain text of a payload of this entry; empty for any other.</summary>
    public string TextOf(PayloadRef payload)
    {
        var index = _payloads.FindIndex(known => known.Ref == payload);
        return index < 0 ? "" : Encoding.UTF8.GetString(_plain[index]);
    }

    public EventDraft Of(EventBody body)
    {
        Body = body;
        return this;
    }
}

using System.Collections.Immutable;
using Reeve.Authority.Labels;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Journal;

/// <summary>One entry of a run's journal: what happened, when, by whose authority, and what it follows.</summary>
/// <remarks>
/// Entries are only ever added. The stored bytes of an entry are what is hashed; see docs/journal-format.md.
/// The body holds only enums, identifiers, numbers and commitments: whatever a person or model wrote is a payload.
/// </remarks>
public sealed record RunEvent(
    TenantId Tenant,
    RunId Run,
    long Sequence,
    int Epoch,
    DateTimeOffset At,
    Actor Actor,
    long CausedBy,
    CallId? Call,
    TraceContext Trace,
    LabelId Label,
    ImmutableArray<PayloadRef> Payloads,
    EventBody Body,
    ChainHash Previous,
    ChainHash Self);

/// <summary>Who acted, under which mandate. A worker acts for the run itself.</summary>
public readonly record struct Actor(ActorKind Kind, string Name, string MandateId);

public enum ActorKind
{
    Worker = 0,
    Principal,
    Run,
}

/// <summary>W3C trace context: 16 bytes of trace and 8 of span, all zero where nothing is traced.</summary>
public readonly record struct TraceContext(UInt128 TraceId, ulong SpanId);

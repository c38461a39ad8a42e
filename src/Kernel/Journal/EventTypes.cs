using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Reeve.Kernel.Journal.Events;

namespace Reeve.Kernel.Journal;

/// <summary>The closed set of entries: wire name, version and shape of each.</summary>
/// <remarks>A wire name never changes its meaning; a new shape is a new version, and old ones are upcast on
/// read.</remarks>
public static class EventTypes
{
    /// <summary>The version in which each body is written now.</summary>
    public const int CurrentVersion = 1;

    private static readonly IReadOnlyList<(string Name, Type Type, JsonTypeInfo Shape)> s_all =
    [
        (RunAdmitted.WireName, typeof(RunAdmitted), EventShapes.Default.RunAdmitted),
        (ContextCarried.WireName, typeof(ContextCarried), EventShapes.Default.ContextCarried),
        (RunResumed.WireName, typeof(RunResumed), EventShapes.Default.RunResumed),
        (LabelInterned.WireName, typeof(LabelInterned), EventShapes.Default.LabelInterned),
        (GuidanceRead.WireName, typeof(GuidanceRead), EventShapes.Default.GuidanceRead),
        (InputReceived.WireName, typeof(InputReceived), EventShapes.Default.InputReceived),
        (CancelRequested.WireName, typeof(CancelRequested), EventShapes.Default.CancelRequested),
        (CompactionRequested.WireName, typeof(CompactionRequested), EventShapes.Default.CompactionRequested),
        (BudgetWarned.WireName, typeof(BudgetWarned), EventShapes.Default.BudgetWarned),
        (LimitReached.WireName, typeof(LimitReached), EventShapes.Default.LimitReached),
        (RunParked.WireName, typeof(RunParked), EventShapes.Default.RunParked),
        (RunFinished.WireName, typeof(RunFinished), EventShapes.Default.RunFinished),
        (RunErased.WireName, typeof(RunErased), EventShapes.Default.RunErased),
        (ViewOpened.WireName, typeof(ViewOpened), EventShapes.Default.ViewOpened),
        (SandboxVerified.WireName, typeof(SandboxVerified), EventShapes.Default.SandboxVerified),
        (SandboxRefused.WireName, typeof(SandboxRefused), EventShapes.Default.SandboxRefused),
        (ViewCheckpointed.WireName, typeof(ViewCheckpointed), EventShapes.Default.ViewCheckpointed),
        (ViewRestored.WireName, typeof(ViewRestored), EventShapes.Default.ViewRestored),
        (ChangesApplying.WireName, typeof(ChangesApplying), EventShapes.Default.ChangesApplying),
        (ChangesApplied.WireName, typeof(ChangesApplied), EventShapes.Default.ChangesApplied),
        (ChangesUndone.WireName, typeof(ChangesUndone), EventShapes.Default.ChangesUndone),
        (ChangesDiscarded.WireName, typeof(ChangesDiscarded), EventShapes.Default.ChangesDiscarded),
        (ModelRouted.WireName, typeof(ModelRouted), EventShapes.Default.ModelRouted),
        (ModelRequested.WireName, typeof(ModelRequested), EventShapes.Default.ModelRequested),
        (ModelReplied.WireName, typeof(ModelReplied), EventShapes.Default.ModelReplied),
        (ModelFailed.WireName, typeof(ModelFailed), EventShapes.Default.ModelFailed),
        (WaitElapsed.WireName, typeof(WaitElapsed), EventShapes.Default.WaitElapsed),
        (ContextCompacted.WireName, typeof(ContextCompacted), EventShapes.Default.ContextCompacted),
        (ToolDecided.WireName, typeof(ToolDecided), EventShapes.Default.ToolDecided),
        (ApprovalRequested.WireName, typeof(ApprovalRequested), EventShapes.Default.ApprovalRequested),
        (ApprovalAnswered.WireName, typeof(ApprovalAnswered), EventShapes.Default.ApprovalAnswered),
        (HookFinished.WireName, typeof(HookFinished), EventShapes.Default.HookFinished),
        (ApprovalExtended.WireName, typeof(ApprovalExtended), EventShapes.Default.ApprovalExtended),
        (ApprovalRevoked.WireName, typeof(ApprovalRevoked), EventShapes.Default.ApprovalRevoked),
        (ToolStarted.WireName, typeof(ToolStarted), EventShapes.Default.ToolStarted),
        (ToolRecovering.WireName, typeof(ToolRecovering), EventShapes.Default.ToolRecovering),
        (ToolFinished.WireName, typeof(ToolFinished), EventShapes.Default.ToolFinished),
        (ToolInDoubt.WireName, typeof(ToolInDoubt), EventShapes.Default.ToolInDoubt),
        (DoubtResolved.WireName, typeof(DoubtResolved), EventShapes.Default.DoubtResolved),
        (CheckStarted.WireName, typeof(CheckStarted), EventShapes.Default.CheckStarted),
        (CheckFinished.WireName, typeof(CheckFinished), EventShapes.Default.CheckFinished),
        (OutputChecked.WireName, typeof(OutputChecked), EventShapes.Default.OutputChecked),
    ];

    private static readonly FrozenDictionary<string, JsonTypeInfo> s_shapes = s_all.ToFrozenDictionary(
        entry => entry.Name, entry => entry.Shape, StringComparer.Ordinal);

    private static readonly FrozenDictionary<Type, string> s_names = s_all.ToFrozenDictionary(
        entry => entry.Type, entry => entry.Name);

    /// <summary>Every wire name, in the order of the path of a run.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_all.Select(entry => entry.Name)];

    public static string NameOf(EventBody body) => s_names[body.GetType()];

    /// <summary>The body as stored: JSON of enums, identifiers, numbers and commitments.</summary>
    public static byte[] Encode(EventBody body) =>
        JsonSerializer.SerializeToUtf8Bytes(body, s_shapes[NameOf(body)]);

    internal static void Encode(EventBody body, Utf8JsonWriter writer) =>
        JsonSerializer.Serialize(writer, body, s_shapes[NameOf(body)]);

    /// <summary>Null for a name or version this program does not know.</summary>
    internal static EventBody? Decode(string name, int version, ReadOnlySpan<byte> json) =>
        version == CurrentVersion && s_shapes.TryGetValue(name, out var shape)
            ? (EventBody?)JsonSerializer.Deserialize(json, shape)
            : null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunAdmitted))]
[JsonSerializable(typeof(ContextCarried))]
[JsonSerializable(typeof(RunErased))]
[JsonSerializable(typeof(RunResumed))]
[JsonSerializable(typeof(LabelInterned))]
[JsonSerializable(typeof(GuidanceRead))]
[JsonSerializable(typeof(InputReceived))]
[JsonSerializable(typeof(CancelRequested))]
[JsonSerializable(typeof(CompactionRequested))]
[JsonSerializable(typeof(BudgetWarned))]
[JsonSerializable(typeof(LimitReached))]
[JsonSerializable(typeof(RunParked))]
[JsonSerializable(typeof(RunFinished))]
[JsonSerializable(typeof(ViewOpened))]
[JsonSerializable(typeof(SandboxVerified))]
[JsonSerializable(typeof(SandboxRefused))]
[JsonSerializable(typeof(ViewCheckpointed))]
[JsonSerializable(typeof(ViewRestored))]
[JsonSerializable(typeof(ChangesApplying))]
[JsonSerializable(typeof(ChangesApplied))]
[JsonSerializable(typeof(ChangesUndone))]
[JsonSerializable(typeof(ChangesDiscarded))]
[JsonSerializable(typeof(ModelRouted))]
[JsonSerializable(typeof(ModelRequested))]
[JsonSerializable(typeof(ModelReplied))]
[JsonSerializable(typeof(ModelFailed))]
[JsonSerializable(typeof(WaitElapsed))]
[JsonSerializable(typeof(ContextCompacted))]
[JsonSerializable(typeof(ToolDecided))]
[JsonSerializable(typeof(ApprovalRequested))]
[JsonSerializable(typeof(ApprovalAnswered))]
[JsonSerializable(typeof(HookFinished))]
[JsonSerializable(typeof(ApprovalExtended))]
[JsonSerializable(typeof(ApprovalRevoked))]
[JsonSerializable(typeof(ToolStarted))]
[JsonSerializable(typeof(ToolRecovering))]
[JsonSerializable(typeof(ToolFinished))]
[JsonSerializable(typeof(ToolInDoubt))]
[JsonSerializable(typeof(DoubtResolved))]
[JsonSerializable(typeof(CheckStarted))]
[JsonSerializable(typeof(CheckFinished))]
[JsonSerializable(typeof(OutputChecked))]
internal sealed partial class EventShapes : JsonSerializerContext;

using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Kernel.Hooks;

namespace Reeve.Kernel.Runs;

/// <summary>What was agreed in words when a run was admitted; a payload of its first entry.</summary>
/// <param name="Workspace">Absolute path of the folder on this machine.</param>
/// <param name="SystemPrompt">Reeve's own text, with mandate and criteria; fixed for the life of the run.</param>
/// <param name="Criteria">Command lines that Reeve runs on the final tree.</param>
/// <param name="Apply">When changes go to the user's tree: <c>ask</c>, <c>verified</c> or <c>never</c>.</param>
public sealed record RunTerms(
    string Workspace, string SystemPrompt, IReadOnlyList<string> Criteria, string Apply)
{
    /// <summary>The JSON Schema that the answer must fit; empty where it may be any text.</summary>
    public string OutputSchema { get; init => field = value ?? ""; } = "";

    /// <summary>The operator's hooks; null where there are none.</summary>
    public HookTerms? Hooks { get; init; }

    /// <summary>Only what reads is carried out; all else is decided, told and left alone.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>The mandate as whoever admitted the run signed it, for every process that acts under it.</summary>
    public string MandateSignature { get; init; } = "";

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RunShapes.Default.RunTerms);

    public static RunTerms FromBytes(byte[] bytes) =>
        JsonSerializer.Deserialize(bytes, RunShapes.Default.RunTerms)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RunTerms))]
[JsonSerializable(typeof(Approvals.InboxAnswer))]
[JsonSerializable(typeof(Approvals.InboxText))]
[JsonSerializable(typeof(Approvals.InboxDoubt))]
[JsonSerializable(typeof(Approvals.PlanProposal))]
[JsonSerializable(typeof(Approvals.ProposedAction))]
[JsonSerializable(typeof(LabelDefinition))]
internal sealed partial class RunShapes : JsonSerializerContext;

internal sealed record LabelDefinition(IReadOnlyList<string>? Sources, IReadOnlyList<string>? Readers);

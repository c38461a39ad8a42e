using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;

namespace Reeve.Cli.Output;

/// <summary>Why a command failed, as a program reads it.</summary>
/// <param name="RunId">The run it was about; null where there is none yet.</param>
internal sealed record ErrorDocument(ErrorBody Error, string? RunId, int ExitCode);

internal sealed record ErrorBody(string Code, string Message, bool Retryable);

/// <summary>A run in a list.</summary>
internal sealed record RunLineDocument(
    string RunId, string Status, string Reason, string Proof, string Goal, DateTimeOffset CreatedAt,
    decimal CostDollars, long Tokens, int Turns, bool Stale)
{
    public static RunLineDocument Of(RunLine line) => new(
        line.Run.Run.ToString(), line.Status, line.Reason, line.Proof, line.Goal, line.CreatedAt, line.CostDollars,
        line.Tokens, line.Turns, line.IsStale);
}

/// <summary>What verifying or replaying found.</summary>
internal sealed record JournalDocument(string RunId, bool Ok, long Entries, string Head, FaultDocument? Fault)
{
    public static JournalDocument Of(string run, JournalReport report) => new(
        run, report.Fault is null, report.Entries, report.Head,
        report.Fault is { } fault ? new FaultDocument(fault.Sequence, fault.Code, fault.Message) : null);
}

internal sealed record FaultDocument(long Sequence, string Code, string Message);

internal sealed record SettingDocument(string Key, string Value, string Origin)
{
    public static SettingDocument Of(SettingLine line) => new(line.Key, line.Value, line.Origin);
}

/// <summary>One entry of a journal, or one delta, of a stream.</summary>
internal sealed record EntryDocument(
    string Type, string RunId, long Sequence, DateTimeOffset At, string? Call, JsonElement Body,
    IReadOnlyDictionary<string, string> Texts);

internal sealed record DeltaDocument(string Type, string Text);

internal sealed record ResultLine(string Type, RunDocument Run);

internal sealed record CommandDocument(
    int? ExitCode, string? Signal, string? Limit, string Stdout, string Stderr, long StdoutBytes, long StderrBytes,
    bool IsTruncated, double WallSeconds, long MemoryBytesPeak, string Tier);

internal sealed record FindingDocument(string Name, bool Ok, string Message, string? Remedy);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(RunDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(RunLineDocument[]))]
[JsonSerializable(typeof(SessionDocument[]))]
[JsonSerializable(typeof(SessionRunsDocument))]
[JsonSerializable(typeof(ExportDocument))]
[JsonSerializable(typeof(RewindPointDocument[]))]
[JsonSerializable(typeof(ForkDocument))]
[JsonSerializable(typeof(JournalDocument))]
[JsonSerializable(typeof(SettingDocument[]))]
[JsonSerializable(typeof(EntryDocument))]
[JsonSerializable(typeof(DeltaDocument))]
[JsonSerializable(typeof(BudgetDocument))]
[JsonSerializable(typeof(EstimateDocument))]
[JsonSerializable(typeof(LedgerDocument))]
[JsonSerializable(typeof(ResultLine))]
[JsonSerializable(typeof(ApplyDocument))]
[JsonSerializable(typeof(CommandDocument))]
[JsonSerializable(typeof(FindingDocument[]))]
[JsonSerializable(typeof(JudgementDocument))]
[JsonSerializable(typeof(RuleCaseDocument[]))]
[JsonSerializable(typeof(DecisionDocument))]
[JsonSerializable(typeof(BacktestDocument))]
[JsonSerializable(typeof(KeptRuleDocument[]))]
[JsonSerializable(typeof(TrustDocument))]
[JsonSerializable(typeof(TrustDocument[]))]
[JsonSerializable(typeof(PolicyDifference[]))]
internal sealed partial class Documents : JsonSerializerContext;

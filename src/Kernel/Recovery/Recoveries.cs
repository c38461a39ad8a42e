using System.Collections.Immutable;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Recovery;

/// <summary>The one place that says what is done about a failure. Pure, and bounded in every direction.</summary>
/// <remarks>
/// The class follows from the code of the failure, the action from the class and from what was tried before. What must
/// not happen twice is never repeated: a call is made again only where its effect class says that it may be.
/// </remarks>
public static class Recoveries
{
    /// <summary>Attempts at one call of a tool that failed by itself, the first included.</summary>
    public const int ToolAttemptsMax = 3;

    /// <summary>How often one run begins its conversation anew because a server cannot read all of it.</summary>
    public const int ResetsMax = 2;

    /// <summary>By class, what is tried in order; escalation is what is left.</summary>
    public static ImmutableArray<RecoveryRow> Table { get; } =
    [
        new(ErrorClass.Network, [RecoveryAction.Retry, RecoveryAction.Fallback], [RecoveryAction.Retry]),
        new(ErrorClass.Timeout, [RecoveryAction.Retry, RecoveryAction.Fallback], [RecoveryAction.Retry]),
        new(ErrorClass.RateLimit, [RecoveryAction.Retry, RecoveryAction.Fallback], []),
        new(ErrorClass.Resources, [RecoveryAction.Reset], []),
        new(ErrorClass.Parse, [RecoveryAction.Retry, RecoveryAction.Fallback], []),
        new(ErrorClass.Authentication, [], []),
        new(ErrorClass.Broken, [], [RecoveryAction.RestoreCheckpoint]),
        new(ErrorClass.Other, [], []),
    ];

    public static ErrorClass ClassOf(string code) => code switch
    {
        "model.unreachable" or "model.server_error" or "model.overloaded" or "model.breaker_open" or "model.truncated"
            or "net.unreachable" or "net.name_not_resolved" or "net.cut_off" or "net.breaker_open" or "net.busy"
            => ErrorClass.Network,
        "model.timeout" or "model.silent" or "net.timeout" or "net.silent" => ErrorClass.Timeout,
        "model.rate_limited" or "model.quota" or "net.rate_limited" => ErrorClass.RateLimit,
        "model.context_too_long" or "model.reply_too_large" or "net.response_too_large" => ErrorClass.Resources,
        "model.malformed" or "net.response_invalid" or "argument.invalid" or "tool.unknown" => ErrorClass.Parse,
        "model.authentication" or "model.permission" => ErrorClass.Authentication,
        "internal" => ErrorClass.Broken,
        _ => ErrorClass.Other,
    };

    /// <summary>What follows a failed attempt at a model, as the state stands before it is folded.</summary>
    public static RecoveryAction OfModel(RunState state, ModelFailed failed)
    {
        var tried = RowOf(ClassOf(failed.Code)).OfModel;
        var hasNext = state.ModelIndex + 1 < state.ModelCount && tried.Contains(RecoveryAction.Fallback);
        var isLast = !failed.IsRetryable || failed.Attempt >= state.Limits.AttemptsPerCall
            || (hasNext && ModelFallback.HelpsAtOnce(failed.Code));

        return !isLast ? RecoveryAction.Retry
            : hasNext ? RecoveryAction.Fallback
            : CanReset(state, failed) ? RecoveryAction.Reset : RecoveryAction.Escalate;
    }

    /// <summary>What follows a call of a tool that failed by itself.</summary>
    public static RecoveryAction OfTool(string code, bool isRetryable, EffectClass effectClass, int attempt)
    {
        var tried = RowOf(ClassOf(code)).OfTool;

        if (attempt >= ToolAttemptsMax)
        {
            return RecoveryAction.Escalate;
        }

        return effectClass switch
        {
            EffectClass.Pure or EffectClass.Idempotent when isRetryable && tried.Contains(RecoveryAction.Retry)
                => RecoveryAction.Retry,

            // What it left in the tree half done is taken back first.
            EffectClass.Contained when tried.Contains(RecoveryAction.RestoreCheckpoint)
                || (isRetryable && tried.Contains(RecoveryAction.Retry)) => RecoveryAction.RestoreCheckpoint,
            _ => RecoveryAction.Escalate,
        };
    }

    /// <summary>The table as the guide shows it.</summary>
    public static IEnumerable<string> Lines() => Table.Select(row =>
        $"| {Word(row.Class)} | {Words(row.OfModel)} | {Words(row.OfTool)} |");

    private static bool CanReset(RunState state, ModelFailed failed) =>
        failed is { Code: "model.context_too_long", Purpose: ModelPurpose.Turn } && state.Resets < ResetsMax
        && Planner.CompactableItems(state) > 0;

    private static RecoveryRow RowOf(ErrorClass errorClass) => Table.First(row => row.Class == errorClass);

    private static string Words(ImmutableArray<RecoveryAction> actions) =>
        string.Join(", then ", actions.Add(RecoveryAction.Escalate).Select(action => Word(action)));

    private static string Word(Enum value) => value switch
    {
        ErrorClass.RateLimit => "rate limit",
        RecoveryAction.RestoreCheckpoint => "restore checkpoint",
        _ => value.ToString().ToLowerInvariant(),
    };
}

/// <summary>What is tried for one class of errors, in order.</summary>
public sealed record RecoveryRow(
    ErrorClass Class, ImmutableArray<RecoveryAction> OfModel, ImmutableArray<RecoveryAction> OfTool);

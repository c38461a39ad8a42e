using Reeve.Kernel.Approvals;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Models;

namespace Reeve.Kernel.Runs;

/// <summary>What one run may use. Numbers only; they are part of the journal.</summary>
/// <param name="Turns">Complete replies of the model.</param>
/// <param name="Budget">Money, tokens, wall time and tool calls together.</param>
/// <param name="AttemptsPerCall">Attempts at one call of the model, the first included.</param>
/// <param name="CallsPerTurn">Tool calls of one reply that are answered; the rest are refused.</param>
/// <param name="RepeatsMax">The same call with the same result, this many times in a row, ends the run.</param>
/// <param name="ContextTokens">What the model can be sent, its reply included.</param>
/// <param name="OutputTokens">The most one reply may have.</param>
/// <param name="ObservationTokens">A larger observation is kept by reference and shown cut.</param>
/// <param name="CheckRounds">How often criteria may fail and be given back to the model.</param>
/// <param name="ApprovalMinutes">After this an approval that nobody answered has expired.</param>
public sealed record RunLimits(
    int Turns,
    Cost Budget,
    int AttemptsPerCall,
    int CallsPerTurn,
    int RepeatsMax,
    int ContextTokens,
    int OutputTokens,
    int ObservationTokens,
    int CheckRounds,
    int ApprovalMinutes)
{
    /// <summary>A part of the budget of which so much is used is told once; zero tells nothing.</summary>
    public int WarnAtPercent { get; init; }

    /// <summary>Standing approvals of one run; more are refused.</summary>
    public const int StandingMax = 200;

    /// <summary>What happens to a question that nobody answered in time.</summary>
    public ApprovalTimeout OnTimeout { get; init; }

    public static RunLimits Default { get; } = new(
        Turns: 100,
        Budget: new Cost
        {
            Dollars = 1_000_000m,
            InputTokens = 50_000_000,
            OutputTokens = 5_000_000,
            WallTime = TimeSpan.FromHours(4),
            ToolCalls = 2_000,
            EgressBytes = 1L << 40,
            Processes = 100_000,
        },
        AttemptsPerCall: 5,
        CallsPerTurn: 32,
        RepeatsMax: 4,
        ContextTokens: 128_000,
        OutputTokens: 16_000,
        ObservationTokens: 12_000,
        CheckRounds: 2,
        ApprovalMinutes: 24 * 60)
    {
        WarnAtPercent = 80,
    };
}

/// <summary>What is fixed about the model when a run is admitted.</summary>
/// <param name="Name">As <c>provider/name</c>, from the operator's configuration.</param>
/// <param name="InputDollarsPerMillion">Null when the price is unknown.</param>
/// <param name="HasMoneyLimit">Whether the person set a limit in money.</param>
public sealed record ModelTerms(
    string Name,
    decimal? InputDollarsPerMillion,
    decimal? OutputDollarsPerMillion,
    string PriceSource,
    bool HasMoneyLimit)
{
    /// <summary>What earlier runs learnt of its tokenizer; none in runs from before that was learnt.</summary>
    public TokenScale TokenScale { get; init; }
}

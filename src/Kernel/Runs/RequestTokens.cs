using Reeve.Kernel.Models;

namespace Reeve.Kernel.Runs;

/// <summary>How many tokens the next request has, before anybody counted them.</summary>
/// <remarks>
/// What the provider counted of an earlier request stands as it was counted; only what came after it is estimated,
/// with the scale learnt for that model. Pure, so that a replay reserves what was reserved.
/// </remarks>
public static class RequestTokens
{
    /// <summary>The frame of a request, and of each part of it: role, name, separators.</summary>
    private const int FrameTokens = 16, PartTokens = 8;

    /// <summary>A report of less than this part of the estimate leaves something out, as what was cached.</summary>
    private const int BelievableDivisor = 8;

    public static long Counted(RunState state) =>
        state.Admitted!.PinnedTokens + state.ContextTokens + FrameTokens + ((long)state.Items.Count * PartTokens);

    /// <summary>What the request is taken to have: whether it fits, and whether something must be left out.</summary>
    public static long Estimate(RunState state, int model)
    {
        if (state.TokenScales[model] is not { PerMille: > 0 } scale)
        {
            return state.Admitted!.PinnedTokens + state.ContextTokens;
        }

        var counted = Counted(state);
        return state.TokenAnchor is { } anchor && anchor.Model == model && anchor.Counted <= counted
            ? anchor.Reported + scale.Estimate(counted - anchor.Counted) : scale.Estimate(counted);
    }

    /// <summary>What is reserved: the most the provider may count.</summary>
    /// <remarks>
    /// An earlier report only makes this larger. A provider that left out what it had cached may count it the next
    /// time, and money must not hang on that.
    /// </remarks>
    public static long AtMost(RunState state, int model) => state.TokenScales[model] is { PerMille: > 0 } scale
        ? TokenScale.AtMost(Math.Max(scale.Estimate(Counted(state)), Estimate(state, model)))
        : Estimate(state, model);

    /// <summary>What is reserved for the first request of a run.</summary>
    /// <param name="words">Tokens of all its parts.</param>
    /// <param name="parts">How many there are beside the system prompt and the tools.</param>
    public static long AtMostOfFirst(long words, int parts, TokenScale scale) =>
        TokenScale.AtMost(scale.Estimate(words + FrameTokens + ((long)parts * PartTokens)));

    /// <summary>The state after a reply whose usage its provider reported.</summary>
    public static RunState Learn(RunState asked, RunState replied, long reported)
    {
        var model = asked.ModelIndex;
        var scale = asked.TokenScales[model];
        var counted = asked.Model.CountedTokens;

        if (scale.PerMille == 0 || reported < counted / BelievableDivisor)
        {
            return replied with { TokenAnchor = null };
        }

        // What both requests had in common says nothing new.
        var (countedNew, reportedNew) = asked.TokenAnchor is { } anchor && anchor.Model == model
            ? (counted - anchor.Counted, reported - anchor.Reported) : (counted, reported);

        return replied with
        {
            TokenScales = asked.TokenScales.SetItem(model, scale.Learn(countedNew, reportedNew)),
            TokenAnchor = new TokenAnchor(model, reported, counted),
        };
    }
}

/// <summary>A request of which both are known: what its provider reported and what was counted here.</summary>
public sealed record TokenAnchor(int Model, long Reported, long Counted);

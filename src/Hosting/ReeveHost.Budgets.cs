using Reeve.Authority;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting;

/// <summary>What runs cost: one call by call, one before it begins, and all of them.</summary>
public sealed partial class ReeveHost
{
    /// <summary>Runs of one ledger; more are refused rather than left out.</summary>
    public const int LedgerRunsMax = 100_000;

    public async Task<BudgetExplanation> ExplainBudgetAsync(RunKey run, CancellationToken cancellationToken)
    {
        var ledger = new CallLedger();
        using var opened = await OpenedRun.OpenAsync(
            _services, await RecordAsync(run, cancellationToken), ledger.Take, cancellationToken);
        var state = opened.State;

        return new BudgetExplanation(
            ledger.Calls, state.Budget.Limit, state.Budget.Spent, state.Budget.Reserved, state.ActiveTime,
            state.Admitted!.Model.HasMoneyLimit,
            ledger.Calls.All(call => call is { InputPrice: not null, OutputPrice: not null }),
            state.Limits.WarnAtPercent, state.Warned);
    }

    /// <summary>Nothing is recorded and no model is asked.</summary>
    public BudgetEstimate Estimate(RunRequest request)
    {
        var model = request.Model ?? _options.DefaultModel;
        Problem.ThrowUnless(model.Length > 0, "model.missing", "No model is configured; give --model provider/name.");
        var limits = LimitsOf(request);
        var terms = _options.Fallback.Where(name => name != model).Prepend(model)
            .Select(name => TermsOf(name, request.DollarsMax is not null || _options.HasMoneyLimit)).ToList();
        var prompt = SystemPrompt.Compose(
            _options.MandateOf(request, "estimate"), request.Criteria ?? [], request.OutputSchema);
        var guidance = WorkspaceGuidance.Read(request.Workspace);
        long words = _services.Tools.TokensBy(_services.Tokens) + _services.Tokens.Count(prompt)
            + _services.Tokens.Count(guidance) + _services.Tokens.Count(request.Goal);
        var first = terms.Min(
            term => RequestTokens.AtMostOfFirst(words, guidance.Length > 0 ? 2 : 1, term.TokenScale));

        // How often a summary is made is not bounded by the turns, so nothing smaller than the budget is certain.
        var most = limits.Budget with
        {
            ToolCalls = Math.Min(limits.Budget.ToolCalls, (long)limits.Turns * limits.CallsPerTurn),
        };
        var least = new Cost { InputTokens = first, OutputTokens = 1 };
        var isPriced = terms.TrueForAll(term => term is { InputDollarsPerMillion: not null,
            OutputDollarsPerMillion: not null });

        return new BudgetEstimate(
            model, least, most,
            isPriced ? terms.Min(term => Planner.CostOf(term, least.InputTokens, least.OutputTokens).Dollars) : null,
            isPriced
                ? Math.Min(limits.Budget.Dollars, terms.Max(
                    term => Planner.CostOf(term, most.InputTokens, most.OutputTokens).Dollars))
                : null,
            string.Join("; ", terms.Select(term => term.PriceSource).Distinct(StringComparer.Ordinal)), limits.Turns);
    }

    /// <summary>All runs of this data directory, the oldest first; a run with several models has a line for
    /// each.</summary>
    /// <exception cref="ProblemException"><c>budget.ledger_too_large</c></exception>
    public async Task<IReadOnlyList<LedgerLine>> LedgerAsync(
        DateTimeOffset since, CancellationToken cancellationToken)
    {
        var records = await _services.Store.ListAsync(
            TenantId.Local, null, LedgerRunsMax + 1, cancellationToken);
        Problem.ThrowUnless(
            records.Count <= LedgerRunsMax, "ledger.too_large", $"A ledger has at most {LedgerRunsMax} runs.");
        var lines = new List<LedgerLine>(records.Count);

        foreach (var record in records.Where(record => record.CreatedAt >= since)
            .OrderBy(record => record.CreatedAt).ThenBy(record => record.Run.Run.ToString(), StringComparer.Ordinal))
        {
            lines.AddRange(await LinesOfAsync(record, cancellationToken));
        }

        return lines;
    }

    private async Task<IReadOnlyList<LedgerLine>> LinesOfAsync(RunRecord record, CancellationToken cancellationToken)
    {
        var line = new LedgerLine(
            record.CreatedAt, record.Run.Run.ToString(), record.Projection.Status, record.Projection.Reason, "", 0, 0,
                0, 0,
            null, false, "", "", "");

        try
        {
            var tally = new BillTally();
            using var opened = await OpenedRun.OpenAsync(_services, record, tally.Take, cancellationToken);
            var terms = RunTerms.FromBytes(
                await opened.Memory.BytesAsync(opened.State.Admitted!.Terms, cancellationToken));
            var bill = tally.Bill(opened.State);
            var model = opened.State.Admitted.Model;
            var common = line with { IsEstimated = bill.IsEstimated, Workspace = Shown(terms.Workspace) };
            var sources = opened.State.Admitted.Fallback.Prepend(model)
                .DistinctBy(known => known.Name).ToDictionary(known => known.Name, known => known.PriceSource);

            return bill.Models.Count == 0
                ? [common with { Model = model.Name, PriceSource = model.PriceSource, Dollars = 0 }]
                :
                [
                    .. bill.Models.Select(share => common with
                    {
                        Model = share.Name, Calls = share.Calls, Replies = share.Replies,
                            InputTokens = share.InputTokens,
                        OutputTokens = share.OutputTokens, Dollars = share.Dollars, PriceSource = sources[share.Name],
                    }),
                ];
        }
        catch (ProblemException damage)
        {
            // One run that cannot be read does not take the others away, and is named.
            return [line with { Problem = damage.Problem.Code }];
        }
    }
}

using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting.Runs;

/// <summary>Adds up what only the entries know: calls of each model, estimates, the latest problem.</summary>
internal sealed class BillTally
{
    private readonly SortedDictionary<int, (int Calls, int Replies, Cost Cost)> _shares = [];
    private int _asked;
    private ModelRequested? _open;
    private bool _isEstimated;

    public PayloadRef LatestProblem { get; private set; }

    public void Take(RunEvent entry)
    {
        switch (entry.Body)
        {
            case RunResumed when _open is { } lost:
                // The last worker ended before it knew the bill, so what was reserved is charged whole.
                Charge(lost.Reserved, isReply: false);
                break;
            case ModelRequested requested:
                _open = requested;
                _asked = requested.Model;
                var known = _shares.GetValueOrDefault(_asked);
                _shares[_asked] = known with { Calls = known.Calls + 1 };
                break;
            case ModelReplied replied:
                _isEstimated |= replied.IsEstimated;
                Charge(replied.Actual, isReply: true);
                break;
            case ContextCompacted compacted when _open is { Purpose: ModelPurpose.Compaction }:
                Charge(compacted.Actual, isReply: true);
                break;
            case ModelFailed failed:
                _isEstimated |= failed.WasSent;
                LatestProblem = failed.Detail;
                Charge(failed.Actual, isReply: false);
                break;
            case OutputChecked output:
                LatestProblem = output.Fits ? PayloadRef.None : output.Problem;
                break;
            case RunFinished finished:
                Charge(_open?.Reserved ?? default, isReply: false);

                if (finished is { Status: RunStatus.Failed, Result.IsNone: false } && LatestProblem.IsNone)
                {
                    LatestProblem = finished.Result;
                }

                break;
        }
    }

    public RunBill Bill(RunState state)
    {
        var spent = state.Budget.Spent;
        var asked = _shares.Keys.DefaultIfEmpty(0).Select(state.TermsOf).ToList();

        return new RunBill(
            asked.TrueForAll(IsPriced) ? spent.Dollars : null, spent.InputTokens, spent.OutputTokens, spent.ToolCalls,
            _shares.Values.Sum(share => share.Calls), state.ActiveTime, _isEstimated,
            string.Join("; ", asked.Select(model => model.PriceSource).Distinct(StringComparer.Ordinal)))
        {
            Models = [.. _shares.Select(share => ShareOf(state.TermsOf(share.Key), share.Value))],
        };
    }

    private static ModelShare ShareOf(ModelTerms model, (int Calls, int Replies, Cost Cost) share) => new(
        model.Name, share.Calls, share.Replies, IsPriced(model) ? share.Cost.Dollars : null,
        share.Cost.InputTokens, share.Cost.OutputTokens);

    private static bool IsPriced(ModelTerms model) =>
        model is { InputDollarsPerMillion: not null, OutputDollarsPerMillion: not null };

    private void Charge(Cost cost, bool isReply)
    {
        if (_open is null)
        {
            return;
        }

        var known = _shares[_asked];
        _shares[_asked] = known with { Replies = known.Replies + (isReply ? 1 : 0), Cost = known.Cost + cost };
        _open = null;
    }
}

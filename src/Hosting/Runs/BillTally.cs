using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting.Runs;

/// <summary>Adds up what only the entries know: calls of the model, estimates, the latest problem.</summary>
internal sealed class BillTally
{
    private int _modelCalls;
    private bool _isEstimated;

    public PayloadRef LatestProblem { get; private set; }

    public void Take(RunEvent entry)
    {
        switch (entry.Body)
        {
            case ModelRequested:
                _modelCalls++;
                break;
            case ModelReplied { IsEstimated: true }:
                _isEstimated = true;
                break;
            case ModelFailed failed:
                _isEstimated |= failed.WasSent;
                LatestProblem = failed.Detail;
                break;
            case RunFinished { Status: RunStatus.Failed, Result.IsNone: false } finished when LatestProblem.IsNone:
                LatestProblem = finished.Result;
                break;
        }
    }

    public RunBill Bill(RunState state)
    {
        var model = state.Admitted!.Model;
        var isPriced = model is { InputDollarsPerMillion: not null, OutputDollarsPerMillion: not null };
        var spent = state.Budget.Spent;

        return new RunBill(
            isPriced ? spent.Dollars : null, spent.InputTokens, spent.OutputTokens, spent.ToolCalls, _modelCalls,
            state.ActiveTime, _isEstimated, model.PriceSource);
    }
}

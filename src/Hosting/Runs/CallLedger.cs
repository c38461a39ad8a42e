using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;

namespace Reeve.Hosting.Runs;

/// <summary>Reads what each call of a run reserved, and what became of it, from the entries alone.</summary>
internal sealed class CallLedger
{
    private readonly List<LedgerCall> _calls = [];
    private LedgerCall? _open;
    private IReadOnlyList<Kernel.Runs.ModelTerms> _models = [];

    public IReadOnlyList<LedgerCall> Calls => _calls;

    public void Take(RunEvent entry)
    {
        switch (entry.Body)
        {
            case RunAdmitted admitted:
                _models = [admitted.Model, .. admitted.Fallback];
                break;
            case ModelRequested requested:
                _open = Open(entry, requested);
                break;
            case ModelReplied replied:
                Close(replied.Actual, replied.IsEstimated ? "estimated" : "settled");
                break;
            case ContextCompacted compacted:
                Close(compacted.Actual, "settled");
                break;
            case ModelFailed failed:
                Close(failed.Actual, failed.WasSent ? "charged whole" : "refunded");
                break;
            case RunResumed or RunFinished when _open is { } lost:
                // Nobody knows the bill of a call that was cut off.
                Close(lost.Reserved, "charged whole");
                break;
        }
    }

    private LedgerCall Open(RunEvent entry, ModelRequested requested)
    {
        var model = _models[requested.Model];
        var kind = requested.Purpose == ModelPurpose.Compaction ? "summary" : "reply";
        return new LedgerCall(
            entry.Sequence, entry.At, kind, requested.Turn, requested.Attempt, model.Name, requested.Reserved,
                default, "open",
            model.InputDollarsPerMillion, model.OutputDollarsPerMillion, model.PriceSource);
    }

    private void Close(Cost charged, string outcome)
    {
        if (_open is { } call)
        {
            _calls.Add(call with { Charged = charged, Outcome = outcome });
            _open = null;
        }
    }
}

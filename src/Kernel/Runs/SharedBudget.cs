using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;

namespace Reeve.Kernel.Runs;

/// <summary>Keeps a run within the ceilings it shares with other runs, in this process or another.</summary>
/// <remarks>
/// The worst case is reserved in the store before the intent is written, and what it really was is said once that is
/// durable. A worker that dies in between leaves too much charged, never too little; whoever takes the run over puts
/// it right.
/// </remarks>
internal sealed class SharedBudget(RunWorker worker)
{
    private Cost? _charged;

    /// <summary>Sets aside what a step takes at most; says which ceiling forbids it, or null.</summary>
    public async Task<RunLimit?> ReserveAsync(
        IntentStep step, RunState state, CancellationToken cancellationToken)
    {
        if (worker.Services.Ceilings is not { } ceilings || WorstCaseOf(step, state) is not { } worstCase)
        {
            return null;
        }

        var total = state.Budget.Spent + state.Budget.Reserved + worstCase;
        var refused = await worker.Services.Store.ChargeAsync(SpendingOf(state, total, ceilings), cancellationToken);
        _charged = refused is null ? total : _charged;

        return refused switch
        {
            null => null,
            SharedLevel.Person => RunLimit.BudgetOfPerson,
            _ => RunLimit.BudgetOfTenant,
        };
    }

    /// <summary>Says what was really spent, and gives back what was not.</summary>
    public async Task SettleAsync(RunState state, CancellationToken cancellationToken)
    {
        var total = state.Budget.Spent + state.Budget.Reserved;

        if (worker.Services.Ceilings is null || total == _charged)
        {
            return;
        }

        await worker.Services.Store.ChargeAsync(SpendingOf(state, total, ceilings: null), cancellationToken);
        _charged = total;
    }

    private static Cost? WorstCaseOf(IntentStep step, RunState state) => step switch
    {
        ReserveModelCall reserve => Planner.WorstCaseOfModel(state, reserve.Purpose)?.Reserved,
        StartTool => Planner.WorstCaseOfTool,
        _ => null,
    };

    private Spending SpendingOf(RunState state, Cost total, SharedCeilings? ceilings) => new(
        worker.Journal.Run, state.Principal,
        DateOnly.FromDateTime(worker.Services.Time.GetUtcNow().UtcDateTime), total, ceilings);
}

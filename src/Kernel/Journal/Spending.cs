using Reeve.Kernel.Budgets;

namespace Reeve.Kernel.Journal;

/// <summary>What a run has spent and holds reserved in all: it takes the place of what was known before.</summary>
/// <param name="Day">To which an increase is charged; a decrease goes back to the days it was charged to.</param>
/// <param name="Ceilings">Null where it only says what cannot be changed any more, as a bill.</param>
public sealed record Spending(RunKey Run, string Person, DateOnly Day, Cost Total, SharedCeilings? Ceilings);

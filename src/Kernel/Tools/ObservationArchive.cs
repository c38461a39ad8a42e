using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Tools;

/// <summary>Opens the observations that one run keeps whole.</summary>
internal sealed class ObservationArchive(RunWorker worker, RunState state) : IObservations
{
    public async Task<Labeled<string>> FindAsync(string name, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            state.Archive.TryGetValue(name, out var payload), "observation.not_found",
            "There is no such observation; use the name that stands in the cut one.");

        // The label of that one observation may be milder; all that was seen together is never too mild.
        return new Labeled<string>(
            await worker.Memory.TextAsync(payload, cancellationToken), worker.LabelOfContext(state));
    }
}

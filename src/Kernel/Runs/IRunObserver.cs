using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>Watches a run. Entries are durable before they are shown; deltas are live only and never stored.</summary>
public interface IRunObserver
{
    /// <param name="textOf">The text of a payload of this entry.</param>
    void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf);

    void OnDelta(ModelDelta delta);

    void OnOutput(CallId call, OutputChunk chunk);
}

/// <summary>Watches nothing.</summary>
public sealed class SilentObserver : IRunObserver
{
    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
    {
        // Nobody is looking.
    }

    public void OnDelta(ModelDelta delta)
    {
        // Nobody is looking.
    }

    public void OnOutput(CallId call, OutputChunk chunk)
    {
        // Nobody is looking.
    }
}

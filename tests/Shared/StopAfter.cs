using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Tests.Shared;

/// <summary>Asks the worker to go as soon as an entry of one kind is durable.</summary>
public sealed class StopAfter<TBody>(CancellationTokenSource stop) : IRunObserver
    where TBody : EventBody
{
    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
    {
        if (entry.Body is TBody)
        {
            stop.Cancel();
        }
    }

    public void OnDelta(ModelDelta delta)
    {
        // Only entries count.
    }

    public void OnOutput(CallId call, OutputChunk chunk)
    {
        // Only entries count.
    }
}

using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Tests.Simulation.Hosts;

/// <summary>Does something once, when the first entry of a worker is durable.</summary>
public sealed class FirstEntryObserver(Action? first) : IRunObserver
{
    private Action? _first = first;

    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf) =>
        Interlocked.Exchange(ref _first, null)?.Invoke();

    public void OnDelta(ModelDelta delta)
    {
        // Only entries matter here.
    }

    public void OnOutput(CallId call, OutputChunk chunk)
    {
        // Only entries matter here.
    }
}

/// <summary>Knows when a person is asked.</summary>
public sealed class AskedObserver : IRunObserver
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Asked => _asked.Task;

    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
    {
        if (entry.Body is ApprovalRequested)
        {
            _asked.TrySetResult();
        }
    }

    public void OnDelta(ModelDelta delta)
    {
        // Only entries matter here.
    }

    public void OnOutput(CallId call, OutputChunk chunk)
    {
        // Only entries matter here.
    }
}

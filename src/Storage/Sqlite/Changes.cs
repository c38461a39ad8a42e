using Reeve.Kernel.Journal;

namespace Reeve.Storage.Sqlite;

/// <summary>Tells a run that waits that a message came: from this process at once, from another a little
/// later.</summary>
/// <remarks>
/// However many wait, there is one timer, it runs only while somebody waits, and each look asks the file one
/// question. A run that waits for its own messages is woken by those only.
/// </remarks>
internal sealed class Changes : IDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly Dictionary<RunKey, Waiters> _runs = [];
    private readonly ITimer _timer;
    private int _waiting;

    /// <param name="look">Starts one look at what other processes wrote.</param>
    public Changes(TimeProvider time, Action look) =>
        _timer = time.CreateTimer(_ => look(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Completes at the next message to the run; what counts is when the call began.</summary>
    public async Task WaitAsync(RunKey run, CancellationToken cancellationToken)
    {
        var waiters = Join(run);

        try
        {
            await waiters.Woken.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            Leave(run, waiters);
        }
    }

    public void Posted(RunKey run)
    {
        lock (_gate)
        {
            if (_runs.Remove(run, out var waiters))
            {
                waiters.Woken.SetResult();
            }
        }
    }

    /// <summary>When nobody can tell what changed: each then asks again, and learns the reason where there is
    /// one.</summary>
    public void WakeAll()
    {
        lock (_gate)
        {
            foreach (var waiters in _runs.Values)
            {
                waiters.Woken.SetResult();
            }

            _runs.Clear();
        }
    }

    public void Dispose() => _timer.Dispose();

    private Waiters Join(RunKey run)
    {
        lock (_gate)
        {
            if (!_runs.TryGetValue(run, out var waiters))
            {
                waiters = new Waiters();
                _runs.Add(run, waiters);
            }

            waiters.Count++;

            if (++_waiting == 1)
            {
                _timer.Change(s_lookEvery, s_lookEvery);
            }

            return waiters;
        }
    }

    private void Leave(RunKey run, Waiters waiters)
    {
        lock (_gate)
        {
            if (--waiters.Count == 0 && _runs.GetValueOrDefault(run) == waiters)
            {
                _runs.Remove(run);
            }

            if (--_waiting == 0)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Waiters
    {
        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; set; }
    }
}

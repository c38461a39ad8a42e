using System.Collections.Immutable;
using Reeve.Authority;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>Carries a run from wherever its journal stands to its end. The one place that acts.</summary>
/// <remarks>
/// <see cref="Planner"/> says every step that may start; intents are written down, acts are begun once and run side
/// by side; what happened is appended, durable first, and then folded. When it returns, nothing it began is left.
/// </remarks>
public sealed class RunLoop : IDisposable
{
    private static readonly TimeSpan s_timerMax = TimeSpan.FromDays(20);

    private readonly RunWorker _worker;
    private readonly RunLoopOptions _options;
    private readonly Intents _intents;
    private readonly Acts _acts;
    private readonly Inbox _inbox;
    private readonly SharedBudget _shared;
    private readonly Dictionary<ActStep, Task<IReadOnlyList<EventDraft>>> _inFlight = [];
    private RunState _state;
    private (RunState? Of, ImmutableArray<Step> Steps) _plan;
    private Task? _message;
    private Task? _deadline;
    private long? _takenThrough;

    internal RunLoop(RunWorker worker, RunState state, RunLoopOptions options)
    {
        _worker = worker;
        _state = state;
        _options = options;
        _intents = new Intents(worker);
        var invoker = new ToolInvoker(worker);
        _acts = new Acts(worker, invoker);
        _inbox = new Inbox(worker, invoker);
        _shared = new SharedBudget(worker);
    }

    public RunState State => _state;

    /// <param name="stop">Parks the run: what is in flight is ended and nothing new begins.</param>
    /// <returns>The state in which the run is finished, or parked for a person or for later.</returns>
    public async Task<RunState> RunAsync(CancellationToken stop)
    {
        // What is in flight ends with the loop, however the loop ends.
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);

        try
        {
            while (true)
            {
                await DrainInboxAsync(ending.Token);
                await CommitAsync([]);

                if (stop.IsCancellationRequested || _state.IsFinished || _state.IsParked)
                {
                    break;
                }

                await EndWhatMustNotGoOnAsync();
                Begin(ending.Token);

                if (_inFlight.Count > 0)
                {
                    await NextAsync(stop, ending.Token);
                }
                else if (!await WaitForPersonAsync(stop))
                {
                    await CommitAsync([_worker.Journal.Draft().Of(new RunParked(CauseOfWaiting()))]);
                    break;
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await SettleAsync();
            await SwallowCancellationAsync(_message ?? Task.CompletedTask);
            await SwallowCancellationAsync(_deadline ?? Task.CompletedTask);
        }

        if (stop.IsCancellationRequested && !_state.IsFinished && !_state.IsParked)
        {
            await CommitAsync([_worker.Journal.Draft().Of(new RunParked(ParkCause.Shutdown))]);
        }

        return _state;
    }

    public void Dispose() => _acts.Dispose();

    private void Begin(CancellationToken cancellationToken)
    {
        // What was overtaken still has the tree: nothing else begins until it is over.
        if (_inFlight.Keys.Any(IsOvertaken))
        {
            return;
        }

        foreach (var step in Next(_state))
        {
            // The end of a run waits until nothing of it is left.
            if (step is not ActStep act || (step is FinishRun && _inFlight.Count > 0))
            {
                continue;
            }

            if (!_inFlight.ContainsKey(act))
            {
                _inFlight.Add(act, _acts.ActAsync(act, _state, cancellationToken));
            }
        }
    }

    /// <summary>What may start now; the same state is not planned twice.</summary>
    private ImmutableArray<Step> Next(RunState state)
    {
        if (!ReferenceEquals(_plan.Of, state))
        {
            _plan = (state, Planner.Next(state));
        }

        return _plan.Steps;
    }

    private IntentStep? NextIntent(RunState state)
    {
        foreach (var step in Next(state))
        {
            if (step is IntentStep intent)
            {
                return intent;
            }
        }

        return null;
    }

    /// <summary>Waits for something to happen: a step that ended, a message, the end of the time.</summary>
    private async Task NextAsync(CancellationToken stop, CancellationToken ending)
    {
        var deadline = _deadline ??= Task.Delay(TimeLeft(), _worker.Services.Time, ending);

        if (!HasEnded())
        {
            await Task.WhenAny([.. _inFlight.Values, _message!, deadline]);
        }

        if (deadline.IsCompletedSuccessfully)
        {
            // It strikes once: what ends the run is waited for without it.
            _deadline = Task.Delay(Timeout.InfiniteTimeSpan, _worker.Services.Time, ending);
            await CommitAsync(
                _state.LimitReached is null ? [_worker.Journal.Draft().Of(new LimitReached(RunLimit.WallTime))] : []);
        }

        if (stop.IsCancellationRequested)
        {
            return;
        }

        foreach (var (step, task) in _inFlight.Where(step => step.Value.IsCompleted).ToList())
        {
            _inFlight.Remove(step);
            await CommitResultAsync(step, await task);
        }
    }

    private bool HasEnded()
    {
        foreach (var task in _inFlight.Values)
        {
            if (task.IsCompleted)
            {
                return true;
            }
        }

        return false;
    }

    // A timer has a longest time, and no worker lives as long; the next one measures anew.
    private TimeSpan TimeLeft()
    {
        var remaining = _state.Limits.Budget.WallTime - _state.ActiveTime;
        return remaining > s_timerMax ? Timeout.InfiniteTimeSpan
            : remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
    }

    // An end that was overtaken, as by a message or a cancel, is decided anew: it has changed nothing yet. Nor has what
    // hooks say of it.
    private Task CommitResultAsync(ActStep step, IReadOnlyList<EventDraft> drafts) =>
        IsOvertaken(step) ? Task.CompletedTask : CommitAsync(drafts);

    private bool IsOvertaken(ActStep step) => step is FinishRun or AskHooks && !Next(_state).Contains(step);

    /// <summary>A cancel or a limit ends what is in flight, and its end is recorded before the run's.</summary>
    private async Task EndWhatMustNotGoOnAsync()
    {
        if (_inFlight.Count == 0 || (!_state.IsCancelRequested && _state.LimitReached is null))
        {
            return;
        }

        _acts.Cancel();
        await Task.WhenAll(_inFlight.Values.Select(SwallowCancellationAsync));

        foreach (var (step, task) in _inFlight.ToList())
        {
            _inFlight.Remove(step);

            if (task.IsCompletedSuccessfully)
            {
                await CommitResultAsync(step, await task);
            }
        }
    }

    private async Task DrainInboxAsync(CancellationToken ending)
    {
        if (_message is { IsCompleted: false })
        {
            return;
        }

        // Listening begins before the box is emptied: what is posted in between is heard.
        _message = _worker.Services.Store.WaitForMessageAsync(_worker.Journal.Run, ending);
        (var drafts, _takenThrough) = await _inbox.DrainAsync(_state, CancellationToken.None);
        await CommitAsync(drafts);
    }

    /// <summary>
    /// Appends what happened, together with every intent that follows from it, in one transaction; then the state
    /// is theirs. Intents are folded in advance, so that one write carries "replied, decided, started".
    /// </summary>
    private async Task CommitAsync(IReadOnlyList<EventDraft> happened)
    {
        var state = _state;
        var entries = new List<(RunEvent Entry, RunState State, EventDraft Draft)>();
        Take(happened);

        // Ends: every intent moves its call or check one stage on, and stages are few.
        while (!state.IsFinished && NextIntent(state) is { } step)
        {
            Take(await _shared.ReserveAsync(step, state, CancellationToken.None) is { } limit
                ? [_worker.Journal.Draft().Of(new LimitReached(limit))]
                : await _intents.DraftAsync(step, state, CancellationToken.None));
        }

        // Messages that fit nothing are taken by the next append: one without entries there is not.
        if (entries.Count == 0)
        {
            await _shared.SettleAsync(state, CancellationToken.None);
            return;
        }

        await _worker.Journal.AppendAsync(
            Projection.Of(state), create: null, _takenThrough, CancellationToken.None);
        (_state, _takenThrough) = (state, null);
        await _shared.SettleAsync(state, CancellationToken.None);

        foreach (var (entry, after, draft) in entries)
        {
            _worker.Observer.OnEntry(entry, after, draft.TextOf);
        }

        void Take(IReadOnlyList<EventDraft> drafts)
        {
            foreach (var draft in drafts)
            {
                if (_worker.Number(draft) is { } interned)
                {
                    TakeOne(interned);
                }

                TakeOne(draft);
            }
        }

        void TakeOne(EventDraft draft)
        {
            _worker.Memory.Remember(draft);
            var entry = _worker.Journal.Prepare(draft);
            state = RunFold.Apply(state, entry);
            entries.Add((entry, state, draft));
        }
    }

    /// <returns>False when nobody answered in the time the caller is willing to wait.</returns>
    private async Task<bool> WaitForPersonAsync(CancellationToken stop)
    {
        if (!_state.WaitsForPerson || _state.Status == RunStatus.InDoubt || _options.AnswerTimeMax <= TimeSpan.Zero)
        {
            return false;
        }

        using var patience = new CancellationTokenSource(_options.AnswerTimeMax, _worker.Services.Time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);

        await Task.WhenAny(_message!, Task.Delay(Timeout.InfiniteTimeSpan, _worker.Services.Time, waiting.Token));
        return _message!.IsCompleted || stop.IsCancellationRequested;
    }

    private ParkCause CauseOfWaiting() =>
        _state.Status == RunStatus.InDoubt ? ParkCause.Doubt : ParkCause.Approval;

    private async Task SettleAsync()
    {
        await Task.WhenAll(_inFlight.Values.Select(SwallowCancellationAsync));
        _inFlight.Clear();
    }

    // What it did is unknown to the journal on purpose: the next worker recovers it by its effect class.
    private static async Task SwallowCancellationAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // What ended because it was asked to is not thrown, which would cost more than the rest of an ending.
        if (task.IsFaulted)
        {
            await task;
        }
    }
}

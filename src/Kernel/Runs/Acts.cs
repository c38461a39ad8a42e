using System.Diagnostics;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>Carries out one act and says what happened as drafts of entries.</summary>
internal sealed class Acts : IDisposable
{
    private readonly RunWorker _worker;
    private readonly ToolInvoker _invoker;
    private readonly ModelActs _model;
    private readonly PlaceActs _place;
    private readonly CheckActs _checks;
    private readonly HookActs _hooks;
    private readonly CancellationTokenSource _cancel = new();

    public Acts(RunWorker worker, ToolInvoker invoker)
    {
        _worker = worker;
        _invoker = invoker;
        _model = new ModelActs(worker);
        _place = new PlaceActs(worker);
        _checks = new CheckActs(worker, _place);
        _hooks = new HookActs(worker, _place);
    }

    /// <summary>Ends what is in flight because the run ends; a finish that follows is not affected.</summary>
    public void Cancel() => _cancel.Cancel();

    /// <param name="stop">Ends the act because the worker goes: then it throws, and nothing is recorded of it.</param>
    public async Task<IReadOnlyList<EventDraft>> ActAsync(ActStep step, RunState state, CancellationToken stop)
    {
        // An act must never run on the loop's own turn, however little it awaits; a model promises that itself.
        if (step is not CallModel)
        {
            await Task.Yield();
        }

        if (step is FinishRun finish)
        {
            return await _place.FinishAsync(finish, state, stop);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _cancel.Token);
        var drafts = await DispatchAsync(step, state, either.Token);
        stop.ThrowIfCancellationRequested();
        return drafts;
    }

    public void Dispose()
    {
        _cancel.Dispose();
        _hooks.Dispose();
    }

    private async Task<IReadOnlyList<EventDraft>> DispatchAsync(
        ActStep step, RunState state, CancellationToken cancellationToken) => step switch
    {
        OpenView => await _place.OpenAsync(state, cancellationToken),
        VerifySandbox => await _place.VerifyAsync(cancellationToken),
        CallModel call => await _model.CallAsync(call, state, cancellationToken),
        CompactPlainly => await _model.CompactPlainlyAsync(state, cancellationToken),
        Wait wait => [await WaitAsync(wait, state, cancellationToken)],
        AskHooks ask => await _hooks.AskAsync(ask, state, cancellationToken),
        InvokeTool invoke => await _invoker.InvokeAsync(invoke.Call, state, cancellationToken),
        RestoreView restore => await _place.RestoreAsync(restore, state, cancellationToken),
        AskWhetherItHappened ask => await _invoker.AskWhetherItHappenedAsync(ask.Call, state, cancellationToken),
        RunCheck check => await _checks.RunAsync(check, state, cancellationToken),
        _ => throw new UnreachableException(step.GetType().Name),
    };

    private async Task<EventDraft> WaitAsync(Wait wait, RunState state, CancellationToken cancellationToken)
    {
        var pause = wait.Until - _worker.Services.Time.GetUtcNow();

        // A clock that was set back does not make the pause longer.
        pause = pause < state.Model.Pause ? pause : state.Model.Pause;

        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, _worker.Services.Time, cancellationToken);
        }

        return _worker.Journal.Draft().Of(new WaitElapsed((long)state.Model.Pause.TotalMilliseconds));
    }
}

using System.Collections.Immutable;
using Reeve.Authority;
using Reeve.Doors.Views;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Reeve.Tests.Simulation.World;

namespace Reeve.Tests.Simulation.Seeds;

/// <summary>Lives one seed from submission to its end: process after process, with a person who answers.</summary>
public sealed class SeedRun : IAsyncDisposable
{
    /// <summary>Processes one seed may need before it counts as never ending.</summary>
    public const int LivesMax = 60;

    private readonly SeedPlan _plan;
    private readonly Random _person;
    private readonly JumpingTime _time = new();
    private readonly ReeveHarness _reeve;
    private readonly Lives _lives;
    private readonly SeededModel _model;
    private readonly List<Task> _others = [];
    private int _write;
    private int _fullWrites;

    public SeedRun(int seed)
    {
        _plan = SeedPlan.Of(seed);
        _person = new Random(seed ^ 0x5EED);
        _model = new SeededModel(_plan, _time);
        _reeve = new ReeveHarness(_model) { Limits = _plan.Limits };
        _lives = new Lives(_reeve, new Outside(), _time, new SeededEntropy(seed))
        {
            Change = options => options with { View = ViewPreference.Automatic },
        };
        Populate();
        TreeBefore = Tree.Of(_reeve.Workspace);
    }

    public SeedPlan Plan => _plan;

    public Outside Outside => _lives.Outside;

    public bool HasOverbilled => _model.HasOverbilled;

    public string TreeBefore { get; }

    public string TreeNow => Tree.Of(_reeve.Workspace);

    public List<string> Story { get; } = [];

    /// <summary>The state in which the run ended, and the last process, still open.</summary>
    public async Task<(RunState State, Life Life, RunKey Run)> LiveAsync(CancellationToken cancellationToken)
    {
        var run = await SubmitAsync(cancellationToken);

        for (var number = 0; number < LivesMax; number++)
        {
            var crash = number < _plan.Crashes.Count ? _plan.Crashes[number] : null;
            using var shutdown = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var life = await _lives.BeginAsync(crash, _ => BeforeWrite(run, shutdown));

            if (await TryContinueAsync(life, run, shutdown.Token) is { } state)
            {
                Story.Add($"life {number}: {state.Status} ({state.Reason})");

                if (state.IsFinished)
                {
                    await SettleOthersAsync();
                    return (state, life, run);
                }

                await PersonAsync(life, run, state, cancellationToken);
            }

            await life.DisposeAsync();
            await SettleOthersAsync();
        }

        throw new InvalidOperationException($"Not ended after {LivesMax} processes.");
    }

    public async ValueTask DisposeAsync()
    {
        await _reeve.DisposeAsync();
    }

    private void Populate()
    {
        var random = new Random(_plan.Seed);

        for (var number = 0; number < 4; number++)
        {
            _reeve.Write($"f{number}.txt", $"word {random.Next()}\n");
        }

        _reeve.Write("large.txt", string.Concat(Enumerable.Range(0, 900).Select(line => $"line {line} of a large file\n")));

        if (random.Next(2) == 0)
        {
            _reeve.Write("AGENTS.md", "Keep it short.\n");
        }
    }

    private async Task<RunKey> SubmitAsync(CancellationToken cancellationToken)
    {
        await using var life = await _lives.BeginAsync();
        string[] criteria = _plan.HasSandbox ? ["echo junk >> f0.txt; grep -q yes proof.txt"] : [];
        var request = new RunRequest(
            "Do the work.", _reeve.Workspace, Criteria: criteria, CanAsk: _plan.CanAsk);
        return await life.Host.SubmitAsync(request, cancellationToken);
    }

    private async Task<RunState?> TryContinueAsync(Life life, RunKey run, CancellationToken stop)
    {
        try
        {
            var observer = new StoryObserver(Story);
            return await life.Host.ContinueAsync(run, observer, new RunLoopOptions(TimeSpan.Zero), stop);
        }
        catch (SimulatedCrash)
        {
            Story.Add("-- crash");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Story.Add("-- stopped before it had begun");
        }
        catch (ProblemException refusal) when (refusal.Problem.Code is "store.full" or "run.busy" or "run.fenced")
        {
            Story.Add($"-- {refusal.Problem.Code}");
        }

        return null;
    }

    private void BeforeWrite(RunKey run, CancellationTokenSource shutdown)
    {
        _write++;

        if (_fullWrites > 0)
        {
            _fullWrites--;
            throw FaultyStore.Full();
        }

        if (!_plan.Events.TryGetValue(_write, out var happens))
        {
            return;
        }

        Story.Add($"-- {happens}");

        switch (happens)
        {
            case SeedEvent.DiskFull:
                _fullWrites = 2;
                throw FaultyStore.Full();
            case SeedEvent.ClockForward:
                _time.Jump(TimeSpan.FromMinutes(50));
                break;
            case SeedEvent.ClockBack:
                _time.Jump(TimeSpan.FromHours(-3));
                break;
            case SeedEvent.ClockFarForward:
                _time.Jump(TimeSpan.FromDays(2));
                break;
            case SeedEvent.SlowDisk:
                _time.Jump(TimeSpan.FromSeconds(45));
                break;
            case SeedEvent.Shutdown:
                shutdown.Cancel();
                break;
            case SeedEvent.Message:
                _others.Add(ElsewhereAsync(life => life.Host.SayAsync(run, "One more thing.", CancellationToken.None)));
                break;
            default:
                _others.Add(ElsewhereAsync(life => life.Host.CancelAsync(run, CancellationToken.None)));
                break;
        }
    }

    /// <summary>Another process, of somebody who has no faults of its own.</summary>
    private async Task ElsewhereAsync(Func<Life, Task> act)
    {
        try
        {
            await using var life = await _lives.BeginAsync();
            await act(life);
        }
        catch (ProblemException refusal) when (refusal.Problem.Code is "run.finished" or "run.busy" or "inbox.full")
        {
            Story.Add($"-- elsewhere: {refusal.Problem.Code}");
        }
    }

    private async Task SettleOthersAsync()
    {
        var others = _others.ToArray();
        _others.Clear();
        await Task.WhenAll(others);
    }

    /// <summary>Looks, and says yes or no: late, twice, about something old, or not at all.</summary>
    private async Task PersonAsync(Life life, RunKey run, RunState state, CancellationToken cancellationToken)
    {
        var report = await life.Host.ReportAsync(run, cancellationToken);

        foreach (var call in report.CallsInDoubt)
        {
            var happened = await HappenedAsync(life, run, call, cancellationToken);
            Story.Add($"-- person: {call} {(happened ? "happened" : "did not happen")}");
            await life.Host.ResolveDoubtAsync(run, call, happened, cancellationToken);
            await life.Host.ResolveDoubtAsync(run, call, happened, cancellationToken);
        }

        foreach (var question in report.Approvals)
        {
            await AnswerAsync(life, run, question, cancellationToken);
        }

        Story.Add($"-- person looked at {state.Status}");
    }

    private async Task AnswerAsync(
        Life life, RunKey run, PendingApproval question, CancellationToken cancellationToken)
    {
        var mood = _person.Next(6);
        Story.Add($"-- person: mood {mood}");

        if (mood == 0)
        {
            _time.Jump(TimeSpan.FromHours(25));
            return;
        }

        await life.Host.AnswerAsync(run, question.Action, isApproved: mood > 2, "", cancellationToken);

        if (mood % 2 == 0)
        {
            await life.Host.AnswerAsync(run, question.Action, isApproved: true, "again", cancellationToken);
        }

        if (mood == 5)
        {
            // It was answered, but taken too late.
            _time.Jump(TimeSpan.FromHours(25));
        }
    }

    private async Task<bool> HappenedAsync(Life life, RunKey run, string call, CancellationToken cancellationToken)
    {
        var id = (await Ids.OfAsync(life.Host, run, cancellationToken))[call];
        return Outside.TimesOf(id) > 0;
    }

    private sealed class StoryObserver(List<string> story) : IRunObserver
    {
        public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf) => story.Add(
            $"{entry.Sequence,4} {EventTypes.NameOf(entry.Body),-20} {entry.Call} {state.Status} {entry.Body}");

        public void OnDelta(Kernel.Models.ModelDelta delta)
        {
            // Deltas are no part of the story.
        }

        public void OnOutput(Kernel.Tools.CallId call, Authority.Mandates.OutputChunk chunk)
        {
            // Neither is output.
        }
    }
}

using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Nothing on the path of a run holds a thread while it waits, and no pattern of a model's holds one for
/// long.</summary>
[Trait("Req", "QUAL-2")]
public sealed class NonBlockingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_that_wait_for_their_model_hold_no_threads()
    {
        const int Runs = 160, ThreadsMax = 80;
        var model = new GatheringModel(Runs);
        await using var reeve = new ReeveHarness(model);
        await using var host = await reeve.OpenAsync();
        var work = new List<Task<RunState>>();

        for (var number = 0; number < Runs; number++)
        {
            var run = await reeve.SubmitAsync(host);
            work.Add(host.ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop));
        }

        // All of them are asked, and none is answered before: had each held a thread, there would be as many.
        await model.AllAreThere.WaitAsync(Stop);
        var threads = ThreadPool.ThreadCount;
        model.Answer();
        var states = await Task.WhenAll(work);

        Assert.InRange(threads, 1, ThreadsMax);
        Assert.All(states, state => Assert.Equal(RunStatus.Succeeded, state.Status));
    }

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*a){20}$")]
    [InlineData("^(([a-z])+.)+[A-Z]([a-z])+$")]
    public async Task A_pattern_that_would_backtrack_for_ever_is_answered_at_once(string pattern)
    {
        await using var reeve = new ReeveHarness(Of(Call("grep", new { pattern }), Finishes()));
        reeve.Write("a.txt", new string('a', 5_000) + "!\n");
        var hangs = Task.Run(() => Backtracks(pattern), Stop);

        var began = TimeProvider.System.GetTimestamp();
        var report = await reeve.RunAsync();

        Assert.Equal(RunStatus.Succeeded, report.Status);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.True(await hangs);
    }

    /// <summary>Without the guard the same pattern on far less of the text does not end in its time.</summary>
    private static bool Backtracks(string pattern)
    {
        var engine = new System.Text.RegularExpressions.Regex(
            pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromMilliseconds(500));

        try
        {
            engine.IsMatch(new string('a', 200) + "!");
            return false;
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            return true;
        }
    }

    /// <summary>Answers nobody before everybody has asked.</summary>
    private sealed class GatheringModel(int count) : IModel
    {
        private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _asked;

        public string Name => "test/gathering";

        public Task AllAreThere => _all.Task;

        public void Answer() => _answer.SetResult();

        public async Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _asked) == count)
            {
                _all.SetResult();
            }

            await _answer.Task.WaitAsync(cancellationToken);
            return new ModelReply(
                new Message(MessageRole.Assistant, [new TextPart("Done.")]), StopReason.EndOfTurn, new Usage(1, 1), "");
        }
    }
}

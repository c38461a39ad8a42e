using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Tests.Scenarios.Cli;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Sessions;

/// <summary>A person has a conversation summarised before the model is asked again.</summary>
public sealed class CompactTests
{
    private const string Rules = "Indent with tabs.", Long = "The words of the old file. ";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "CLI-1")]
    [Trait("Req", "RUN-9")]
    public async Task A_session_goes_on_from_a_summary_and_keeps_what_is_pinned()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        await ReadTwiceAsync(reeve);

        var model = reeve.Scripted(Says("-"), Says("Second."), Says("What mattered."));
        var (exitCode, output, error) = await TypedAsync(reeve, "-c", "--compact", "The second goal.");
        var heard = model.Heard[model.Heard.LastIndexOf("The first goal.", StringComparison.Ordinal)..];

        Assert.Equal((0, "Second."), (exitCode, output.Trim()));
        Assert.Contains("4 parts replaced by a summary", error, StringComparison.Ordinal);
        Assert.Contains("became", error, StringComparison.Ordinal);
        Assert.Contains("Summary of the work so far:\n\nWhat mattered.", heard, StringComparison.Ordinal);
        Assert.Contains(Rules, heard, StringComparison.Ordinal);
        Assert.Contains("The second goal.", heard, StringComparison.Ordinal);
        Assert.DoesNotContain(Long, heard, StringComparison.Ordinal);
        await using var host = await reeve.OpenAsync();
        var run = await host.FindAsync("last", reeve.Workspace, Stop);
        var entries = (await reeve.EntriesAsync(run)).Select(shown => shown.Entry.Body).ToList();
        var compacted = Assert.Single(entries.OfType<ContextCompacted>());
        Assert.Single(entries.OfType<CompactionRequested>());
        Assert.True(compacted.Replaced > 10 * compacted.Tokens, $"{compacted.Replaced} and {compacted.Tokens}");
        Assert.Null((await host.ReplayAsync(run, Stop)).Fault);
        Assert.Null((await host.VerifyAsync(run, Stop)).Fault);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    [Trait("Req", "RUN-9")]
    public async Task A_run_that_is_not_over_is_told_and_summarises_once()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.ChangeMandate = mandate => mandate with { Mode = PermissionMode.Manual };
        reeve.Write("a.txt", string.Concat(Enumerable.Repeat(Long, 100)));
        reeve.Scripted(
            Call("read", new { path = "a.txt" }), Call("read", new { path = "a.txt" }),
            Call("write", new { path = "b.txt", content = "b" }));
        var parked = await reeve.RunAsync("The first goal.");
        Assert.Equal(RunStatus.Waiting, parked.Status);

        var model = reeve.Scripted(Says("-"), Says("Written."), Says("What mattered."));
        await using var host = await reeve.OpenAsync();
        await host.CompactAsync(parked.Run, Stop);
        await host.AnswerAsync(parked.Run, null, isApproved: true, "", Stop);
        var report = await Line.FollowAsync(host, parked.Run);
        var entries = (await reeve.EntriesAsync(parked.Run)).Select(shown => shown.Entry.Body).ToList();

        Assert.Equal("Written.", report.Result);
        Assert.Single(entries.OfType<ContextCompacted>());
        Assert.Contains("What mattered.", model.Heard, StringComparison.Ordinal);
        Assert.Null((await host.ReplayAsync(parked.Run, Stop)).Fault);
        Assert.Equal("run.finished", (await Assert.ThrowsAsync<ProblemException>(
            () => host.CompactAsync(parked.Run, Stop))).Problem.Code);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Without_anything_older_nothing_is_left_out_and_without_a_session_it_is_refused()
    {
        await using var reeve = new ReeveHarness(Of(Says("One."), Says("Two.")));
        await TypedAsync(reeve, "run", "Begin.");

        Assert.Equal("Two.", (await TypedAsync(reeve, "-c", "--compact", "Go on.")).Output.Trim());
        await using var host = await reeve.OpenAsync();
        var run = await host.FindAsync("last", reeve.Workspace, Stop);
        Assert.DoesNotContain(
            await reeve.EntriesAsync(run), shown => shown.Entry.Body is ContextCompacted);
        var (exitCode, _, error) = await TypedAsync(reeve, "run", "--compact", "Begin.");
        Assert.Equal(2, exitCode);
        Assert.Contains("give it with -c or -r", error, StringComparison.Ordinal);
    }

    private static async Task ReadTwiceAsync(ReeveHarness reeve)
    {
        reeve.Write("AGENTS.md", Rules);
        reeve.Write("a.txt", string.Concat(Enumerable.Repeat(Long, 100)));
        reeve.Scripted(
            Call("read", new { path = "a.txt" }), Call("read", new { path = "a.txt" }), Says("First."));
        await TypedAsync(reeve, "run", "The first goal.");
    }

    private static async Task<Typed> TypedAsync(ReeveHarness reeve, params string[] arguments)
    {
        var session = new CommandSession(reeve);
        return new Typed(await session.TypeAsync(arguments), session.Output, session.Error);
    }

    private sealed record Typed(int ExitCode, string Output, string Error);
}

using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Hosting;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Sessions;

/// <summary>A run begins anew at any entry of another one, with its files, and what it may do is its own.</summary>
public sealed class ForkTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "RUN-8")]
    public async Task Begins_at_any_entry_with_another_prompt_and_the_files_of_that_entry()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(
            Call("write", new { path = "a.txt", content = "one" }),
            Call("write", new { path = "a.txt", content = "two" }),
            Says("Two it is."));
        var parent = await reeve.RunAsync("Write.");
        var at = await reeve.AfterCallsAsync(parent.Run, 1);

        var model = reeve.Scripted(Says("-"), Call("read", new { path = "a.txt" }), Says("Read."));
        var fork = await reeve.ForkAsync(parent.Run, at, reeve.Says("Read it instead."));

        Assert.Equal(RunStatus.Succeeded, fork.Status);
        Assert.Contains("one", (await reeve.ObservationsAsync(fork.Run))[0], StringComparison.Ordinal);
        Assert.Contains("Write.", model.Heard, StringComparison.Ordinal);
        Assert.Contains("Read it instead.", model.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("Two it is.", model.Heard, StringComparison.Ordinal);
        Assert.Equal("Read it instead.", fork.Goal);
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    public async Task Begins_with_another_model()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.txt", content = "one" }), Says("Done."), Says("-")));
        var parent = await reeve.RunAsync();
        var asked = new List<string>();
        var inner = reeve.Change;
        reeve.Change = options => inner(options) with
        {
            Model = name =>
            {
                asked.Add(name);
                return options.Model(name);
            },
        };

        var at = await reeve.AfterCallsAsync(parent.Run, 1);
        asked.Clear();
        var fork = await reeve.ForkAsync(
            parent.Run, at, reeve.Says("") with { Model = "other/model" });

        Assert.Equal("other/model", fork.Model);
        Assert.Equal(["other/model"], asked.Distinct());
        Assert.Equal("Do it.", fork.Goal);
        Assert.Equal("Done.", fork.Result);
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    [Trait("Req", "GATE-1")]
    public async Task Is_allowed_what_its_own_admission_gives_and_not_what_its_parent_was()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(Call("write", new { path = "a.txt", content = "one" }), Says("Done."));
        var parent = await reeve.RunAsync();

        reeve.ChangeMandate = mandate => mandate with { Mode = PermissionMode.Plan };
        reeve.Scripted(
            Says("-"), Says("-"), Call("write", new { path = "b.txt", content = "two" }), Says("Tried."));
        var fork = await reeve.ForkAsync(parent.Run, null, reeve.Says("Write more."));

        Assert.StartsWith("refused (", (await reeve.ObservationsAsync(fork.Run))[0], StringComparison.Ordinal);
        Assert.Equal(["a.txt"], fork.Changes.Select(change => change.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Req", "RUN-8")]
    public async Task Replays_and_verifies_from_its_own_journal_with_or_without_its_parent(bool isParentThere)
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(Call("shell", new { command = "echo one > a.txt" }), Says("Done."));
        var parent = await reeve.RunAsync();
        reeve.Scripted(Says("-"), Says("-"), Call("shell", new { command = "cat a.txt" }), Says("Read."));
        var fork = await reeve.ForkAsync(parent.Run, null, reeve.Says("Read it."));

        await using var host = await reeve.OpenAsync();

        if (!isParentThere)
        {
            await host.DeleteSessionAsync(parent.Run, Stop);
        }

        Assert.Null((await host.ReplayAsync(fork.Run, Stop)).Fault);
        Assert.Null((await host.VerifyAsync(fork.Run, Stop)).Fault);
        Assert.Null((await host.VerifyAsync(parent.Run, Stop)).Fault);
        Assert.Equal("Read.", (await host.ReportAsync(fork.Run, Stop)).Result);
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    public async Task A_step_that_was_not_over_is_not_taken_over_and_that_is_said()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(
            Call("write", new { path = "a.txt", content = "one" }),
            Calls(("write", new { path = "a.txt", content = "two" }), ("write", new { path = "b.txt", content = "b" })),
            Says("Done."));
        var parent = await reeve.RunAsync();
        var inside = (await reeve.EntriesAsync(parent.Run))
            .Where(shown => shown.Entry.Body is ToolStarted).ElementAt(2).Entry.Sequence;

        await using var host = await reeve.OpenAsync();
        var report = await host.ForkAsync(parent.Run, inside, reeve.Says("Go on."), Stop);
        var changes = await Files(host, report.Run);

        Assert.True(report.IsMoved);
        Assert.True(report.At < inside);
        Assert.Contains(report.At, Enumerable.Range(1, (int)inside).Select(entry => (long)entry));
        Assert.Equal(["a.txt"], changes);
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    public async Task What_cannot_be_is_refused_by_name()
    {
        await using var reeve = new ReeveHarness(Of(Says("Done.")));
        var parent = await reeve.RunAsync();

        Assert.Equal("fork.beyond_end", await RefusedAsync(10_000, "Go on."));
        Assert.Equal("fork.before_start", await RefusedAsync(0, "Go on."));
        Assert.Equal("fork.needs_prompt", await RefusedAsync(null, ""));
        Assert.Single(await reeve.WithHostAsync(host => host.ListAsync(null, 10, Stop)));

        async Task<string> RefusedAsync(long? at, string prompt) => (await Assert.ThrowsAsync<ProblemException>(
            () => reeve.ForkAsync(parent.Run, at, reeve.Says(prompt)))).Problem.Code;
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    [Trait("Req", "RUN-9")]
    public async Task The_conversation_stands_byte_for_byte_and_its_goal_outlives_a_summary()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        var parentModel = reeve.Scripted(Call("read", new { path = "a.txt" }), Says("Read."));
        reeve.Write("a.txt", string.Join('\n', Enumerable.Range(0, 900).Select(line => $"line {line}")));
        var parent = await reeve.RunAsync("The first goal.");

        var pinned = (await reeve.EntriesAsync(parent.Run))
            .Select(shown => shown.Entry.Body).OfType<RunAdmitted>().Single().PinnedTokens;
        reeve.Limits = reeve.Limits with { ContextTokens = pinned + 9_000, OutputTokens = 1_000 };
        var model = reeve.Scripted(
            Says("-"), Says("-"), Call("read", new { path = "a.txt" }), Call("read", new { path = "a.txt", from = 1 }),
            Call("tree", new { path = "." }), Says("Done."), Says("Done."), Says("Done."));
        var fork = await reeve.ForkAsync(parent.Run, null, reeve.Says("The second goal."));
        var entries = await reeve.EntriesAsync(fork.Run);

        var lastRequest = parentModel.Heard[
            parentModel.Heard.LastIndexOf("You are an agent of Reeve.", StringComparison.Ordinal)..];
        Assert.StartsWith(lastRequest, model.Heard, StringComparison.Ordinal);
        Assert.Contains(entries, shown => shown.Entry.Body is ContextCompacted);
        var heard = model.Heard[model.Heard.LastIndexOf("The first goal.", StringComparison.Ordinal)..];
        Assert.Contains("Summary of the work so far:", heard, StringComparison.Ordinal);
        Assert.Contains("The second goal.", heard, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "RUN-9")]
    public async Task An_observation_that_was_cut_can_still_be_recalled_whole()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Limits = reeve.Limits with { ObservationTokens = 200 };
        reeve.Scripted(
            Call("shell", new { command = "seq 1 3000" }), Says("Counted."));
        var parent = await reeve.RunAsync();
        var name = (await reeve.ObservationsAsync(parent.Run))[0].Split("name \"")[1].Split('"')[0];

        reeve.Scripted(
            Says("-"), Says("-"), Call("recall", new { name, from = 5_000, count = 200 }), Says("Recalled."));
        var fork = await reeve.ForkAsync(parent.Run, null, reeve.Says("Recall it."));

        Assert.Contains(
            "[characters 5000 to 5200", (await reeve.ObservationsAsync(fork.Run))[0], StringComparison.Ordinal);
    }

    private static async Task<List<string>> Files(IReeveHost host, RunKey run)
    {
        var points = await host.DiffAsync(run, Stop);
        return [.. points.Select(change => change.Path)];
    }
}

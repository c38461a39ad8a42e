using System.Text.Json;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Tests.Scenarios.Cli;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Sessions;

/// <summary>Conversations that are continued, named, listed, exported and deleted, typed as a person would.</summary>
public sealed class SessionTests
{
    private const int Ok = 0, BadInput = 2;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "RUN-10")]
    [Trait("Req", "CLI-1")]
    public async Task Goes_on_in_the_session_of_the_folder_with_files_and_conversation()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(Call("write", new { path = "a.txt", content = "one" }), Says("First."));
        await TypedAsync(reeve, "run", "Write it.");

        var model = reeve.Scripted(Says("-"), Says("-"), Call("read", new { path = "a.txt" }), Says("Second."));
        var (exitCode, output, error) = await TypedAsync(reeve, "-c", "Read it.");

        Assert.Equal(Ok, exitCode);
        Assert.Equal("Second.", output.Trim());
        Assert.Contains("goes on from", error, StringComparison.Ordinal);
        Assert.Contains("Write it.", model.Heard, StringComparison.Ordinal);
        Assert.Contains("First.", model.Heard, StringComparison.Ordinal);
        Assert.Contains("one", model.Heard, StringComparison.Ordinal);
        Assert.Contains("a.txt", (await TypedAsync(reeve, "diff")).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    [Trait("Req", "CLI-1")]
    public async Task Is_found_by_its_name_and_by_any_of_its_runs()
    {
        await using var reeve = new ReeveHarness(Of(Says("One."), Says("Two."), Says("Three."), Says("Four.")));
        await TypedAsync(reeve, "run", "--session", "plan the work", "Begin.");
        var first = await LastAsync(reeve);
        await TypedAsync(reeve, "run", "Something else.");

        Assert.Equal("Two.", (await TypedAsync(reeve, "-r", "plan the work", "Go on.")).Output.Trim());
        Assert.Equal("Three.", (await TypedAsync(reeve, "-r", first[..10], "Go on.")).Output.Trim());
        Assert.Equal("Four.", (await TypedAsync(reeve, "run", "--resume", first, "Go on.")).Output.Trim());

        using var shown = JsonDocument.Parse((await TypedAsync(reeve, "sessions", "show", "plan the work", "--json"))
            .Output);
        Assert.Equal(4, shown.RootElement.GetProperty("session").GetProperty("runs").GetInt32());
        Assert.Equal(
            first, shown.RootElement.GetProperty("runs")[0].GetProperty("run_id").GetString());
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task Is_listed_with_its_name_and_its_latest_state()
    {
        await using var reeve = new ReeveHarness(Of(Says("One."), Says("Two.")));
        await TypedAsync(reeve, "run", "Begin here.");
        await TypedAsync(reeve, "sessions", "rename", "last", "the plan");
        await TypedAsync(reeve, "-c", "Go on.");

        using var list = JsonDocument.Parse((await TypedAsync(reeve, "sessions", "list", "--json")).Output);
        var session = Assert.Single(list.RootElement.EnumerateArray());

        Assert.Equal("the plan", session.GetProperty("name").GetString());
        Assert.Equal("Begin here.", session.GetProperty("goal").GetString());
        Assert.Equal(2, session.GetProperty("runs").GetInt32());
        Assert.True(session.GetProperty("active").GetBoolean());
        Assert.Equal(await LastAsync(reeve), session.GetProperty("head_run_id").GetString());
        Assert.Contains("the plan", (await TypedAsync(reeve, "sessions", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task Is_exported_as_lines_with_the_ends_of_its_chains_and_without_secrets()
    {
        const string Secret = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(Call("read", new { path = "a.txt" }), Says("Read it."), Says("Nothing more."));
        reeve.Write("a.txt", "contents");
        await TypedAsync(reeve, "run", $"Read; the token is {Secret}.");
        await TypedAsync(reeve, "-c", "And now?");

        var output = (await TypedAsync(reeve, "sessions", "export")).Output;
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();

        Assert.Equal(
            ["goal", "call", "observation", "reply", "head", "goal", "reply", "head"],
            lines.Select(line => line.GetProperty("kind").GetString()));
        Assert.Equal("And now?", lines[5].GetProperty("text").GetString());
        Assert.Contains("contents", lines[2].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, output, StringComparison.Ordinal);
        var verified = await reeve.WithHostAsync(async host => await host.VerifyAsync(
            await host.FindAsync("last", reeve.Workspace, Stop), Stop));
        Assert.Equal(verified.Head, lines[^1].GetProperty("text").GetString());
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task Once_deleted_no_word_and_no_file_of_it_is_left_and_its_chains_verify()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(
            Call("write", new { path = "a.txt", content = "one" }), Says("First."), Says("Second."));
        await TypedAsync(reeve, "run", "--session", "secret plan", "Write it.");
        await TypedAsync(reeve, "-c", "Go on.");
        var runs = await reeve.WithHostAsync(host => host.ListAsync(null, 10, Stop));

        var unasked = await TypedAsync(reeve, "sessions", "delete", "secret plan");
        var stayed = await TypedAsync(reeve, "sessions", "show", "secret plan");
        var deleted = await TypedAsync(reeve, "sessions", "delete", "secret plan", "--yes");

        Assert.Equal(BadInput, unasked.ExitCode);
        Assert.Equal(Ok, stayed.ExitCode);
        Assert.Equal(Ok, deleted.ExitCode);
        Assert.Equal(BadInput, (await TypedAsync(reeve, "sessions", "show", "secret plan")).ExitCode);
        Assert.Empty(Directory.GetDirectories(Path.Combine(reeve.Data, "runs")));

        foreach (var run in runs)
        {
            Assert.Equal(Ok, (await TypedAsync(reeve, "journal", "verify", run.Run.Run.ToString())).ExitCode);
            Assert.Contains(
                "payload.erased", (await TypedAsync(reeve, "show", run.Run.Run.ToString(), "--json")).All,
                StringComparison.Ordinal);
        }

        Assert.Contains("(erased)", (await TypedAsync(reeve, "runs")).Output, StringComparison.Ordinal);
        Assert.Equal(BadInput, (await TypedAsync(reeve, "-c", "More.")).ExitCode);
        var bytes = File.ReadAllBytes(Directory.GetFiles(reeve.Data, "*.db").Single());
        Assert.Equal(-1, bytes.AsSpan().IndexOf("secret plan"u8));
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task Sessions_past_their_time_are_deleted_and_younger_ones_stay()
    {
        await using var reeve = new ReeveHarness(Of(Says("One."), Says("Two.")));
        var time = new Storage.ManualTime();
        reeve.Change = options => options with { Time = time, SessionTimeMax = TimeSpan.FromDays(30) };
        var old = await reeve.RunAsync("The old one.");
        time.Advance(TimeSpan.FromDays(20));
        var young = await reeve.RunAsync("The young one.");
        time.Advance(TimeSpan.FromDays(20));

        var sessions = await reeve.WithHostAsync(host => host.SessionsAsync(null, null, 10, Stop));

        var gone = await reeve.WithHostAsync(
            host => host.FindSessionAsync(old.Run.Run.ToString(), reeve.Workspace, Stop));
        Assert.Equal([young.Run], sessions.Select(session => session.Session));
        Assert.True(gone.IsErased);
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task The_active_ones_are_those_that_were_touched_lately()
    {
        await using var reeve = new ReeveHarness(Of(Says("One.")));
        var time = new Storage.ManualTime();
        reeve.Change = options => options with { Time = time };
        await reeve.RunAsync();

        var now = (await reeve.WithHostAsync(host => host.SessionsAsync(null, null, 10, Stop)))[0];
        time.Advance(TimeSpan.FromHours(25));
        var later = (await reeve.WithHostAsync(host => host.SessionsAsync(null, null, 10, Stop)))[0];

        Assert.True(now.IsActive);
        Assert.False(later.IsActive);
        Assert.Empty(await reeve.WithHostAsync(
            host => host.SessionsAsync(null, time.GetUtcNow().AddHours(-24), 10, Stop)));
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task A_parked_head_is_told_the_prompt_and_carried_on_itself()
    {
        await using var reeve = new ReeveHarness(Of(Says("One."), Says("Two.")));
        RunKey run;
        await using (var host = await reeve.OpenAsync())
        {
            run = await reeve.SubmitAsync(host);
        }

        var next = await reeve.ContinueAsync(run, "And this.");

        Assert.Equal(run, next.Run);
        Assert.Contains("And this.", await reeve.TextsAsync(run), StringComparison.Ordinal);
        Assert.Single(await reeve.WithHostAsync(host => host.ListAsync(null, 10, Stop)));
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task A_head_that_is_being_worked_on_is_left_alone()
    {
        var refused = new List<string>();
        await using var reeve = new ReeveHarness(Of(Call("act", new { }), Says("One."), Says("Two.")));
        reeve.Change = options => options with
        {
            MoreTools = [new TestTool("act", Kernel.Tools.EffectClass.Pure, Authority.Labels.Label.BuiltIn, ActAsync)],
        };
        var report = await reeve.RunAsync();

        Assert.Equal(["run.busy", "run.busy"], refused);
        Assert.Equal("One.", report.Result);
        Assert.Single(await reeve.WithHostAsync(host => host.ListAsync(null, 10, Stop)));

        async Task<string> ActAsync(Kernel.Tools.ToolContext context, CancellationToken stop)
        {
            await using var other = await reeve.OpenAsync();
            var run = (await other.ListAsync(null, 1, stop)).Single().Run;
            refused.Add((await Assert.ThrowsAsync<Authority.ProblemException>(
                () => other.ContinueSessionAsync(run, reeve.Says("Now this."), stop))).Problem.Code);
            refused.Add((await Assert.ThrowsAsync<Authority.ProblemException>(
                () => other.RewindAsync(run, 5, reeve.Says(""), stop))).Problem.Code);
            return "acted";
        }
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task A_run_that_was_ended_in_the_middle_of_its_calls_is_gone_on_from_there()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Limits = reeve.Limits with { Budget = reeve.Limits.Budget with { ToolCalls = 1 } };
        reeve.Scripted(Calls(
            ("write", new { path = "a.txt", content = "one" }), ("write", new { path = "b.txt", content = "two" })));
        var ended = await reeve.RunAsync();

        reeve.Limits = Kernel.Runs.RunLimits.Default;
        var model = reeve.Scripted(Says("-"), Call("read", new { path = "a.txt" }), Says("Read."));
        var next = await reeve.ContinueAsync(ended.Run, "Go on.");

        Assert.Equal("budget.tool_calls", ended.Reason);
        Assert.Equal("Read.", next.Result);
        Assert.Contains("one", (await reeve.ObservationsAsync(next.Run))[0], StringComparison.Ordinal);
        Assert.Contains("the run ended before this call had a result", model.Heard, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task Notes_of_the_workspace_that_changed_since_are_told_anew()
    {
        await using var reeve = new ReeveHarness(Of(Says("One."), Says("Two."), Says("Three.")));
        reeve.Write("AGENTS.md", "Use tabs.");
        var report = await reeve.RunAsync();
        var same = await reeve.ContinueAsync(report.Run, "Go on.");
        reeve.Write("AGENTS.md", "Use spaces.");
        var model = reeve.Scripted(Says("One."), Says("Two."), Says("Three."));
        await reeve.ContinueAsync(same.Run, "And now.");

        Assert.Equal(2, model.Heard.Split("Use tabs.").Length);
        Assert.Contains("Use spaces.", model.Heard, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task A_name_has_a_length()
    {
        await using var reeve = new ReeveHarness(Of(Says("One.")));
        await TypedAsync(reeve, "run", "Begin.");
        var longest = new string('n', Hosting.ReeveHost.SessionNameLengthMax);

        Assert.Equal(Ok, (await TypedAsync(reeve, "sessions", "rename", "last", longest)).ExitCode);
        await AssertRefusedAsync(reeve, "session.name_invalid", "sessions", "rename", "last", longest + "n");
        Assert.Equal(Ok, (await TypedAsync(reeve, "sessions", "show", longest)).ExitCode);
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    public async Task What_cannot_be_is_refused_by_name()
    {
        await using var reeve = new ReeveHarness(Of(Says("One."), Says("Two.")));
        var unknown = await TypedAsync(reeve, "run", "-c", "--output-format", "json", "x y");
        Assert.Contains("session.not_found", unknown.All, StringComparison.Ordinal);
        await TypedAsync(reeve, "run", "--session", "mine", "Begin.");

        await AssertRefusedAsync(reeve, "session.not_found", "sessions", "show", "other");
        await AssertRefusedAsync(reeve, "session.name_taken", "run", "--session", "mine", "Begin again.");
        await AssertRefusedAsync(reeve, "session.name_invalid", "sessions", "rename", "mine", "last");
        await AssertRefusedAsync(reeve, "usage.invalid_value", "run", "-c", "-r", "mine", "Go on.");
        await AssertRefusedAsync(reeve, "fork.beyond_end", "fork", "last", "Go on.", "--at", "4000");
        await AssertRefusedAsync(reeve, "usage.invalid_value", "rewind", "last", "--at", "soon");
        Assert.Single(await reeve.WithHostAsync(host => host.ListAsync(null, 10, Stop)));
    }

    [Fact]
    [Trait("Req", "RUN-10")]
    [Trait("Req", "CLI-1")]
    public async Task A_fork_is_a_session_of_its_own_and_a_rewind_the_head_of_the_same()
    {
        await using var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Scripted(Call("write", new { path = "a.txt", content = "one" }), Says("First."), Says("Second."));
        await TypedAsync(reeve, "run", "Write it.");
        var first = await LastAsync(reeve);
        using var places = JsonDocument.Parse((await TypedAsync(reeve, "rewind", first, "--json")).Output);
        var at = places.RootElement[1].GetProperty("at").GetInt64().ToString();

        await TypedAsync(reeve, "fork", first, "Go elsewhere.", "--session", "elsewhere");
        reeve.Scripted(Says("-"), Says("Back."));
        var rewound = await TypedAsync(reeve, "rewind", first, "--at", at);
        var after = await TypedAsync(reeve, "-r", first, "Go on.");

        Assert.Equal(Ok, rewound.ExitCode);
        Assert.Contains("rewound to entry", rewound.Output, StringComparison.Ordinal);
        Assert.Equal("Back.", after.Output.Trim());
        using var list = JsonDocument.Parse((await TypedAsync(reeve, "sessions", "list", "--json")).Output);
        Assert.Equal(
            [3, 1], list.RootElement.EnumerateArray().Select(session => session.GetProperty("runs").GetInt32()));
    }

    private static async Task AssertRefusedAsync(ReeveHarness reeve, string code, params string[] arguments)
    {
        var (exitCode, _, error) = await TypedAsync(reeve, arguments);
        Assert.Equal(BadInput, exitCode);
        Assert.Contains(code, error, StringComparison.Ordinal);
    }

    private static async Task<string> LastAsync(ReeveHarness reeve) => (await reeve.WithHostAsync(
        host => host.FindAsync("last", reeve.Workspace, Stop))).Run.ToString();

    private static async Task<Typed> TypedAsync(ReeveHarness reeve, params string[] arguments)
    {
        var session = new CommandSession(reeve);
        return new Typed(await session.TypeAsync(arguments), session.Output, session.Error);
    }

    private sealed record Typed(int ExitCode, string Output, string Error)
    {
        public string All => Output + Error;
    }
}

using Reeve.Authority;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Sessions;

/// <summary>Files and context come back together, exactly, and what the user did since stays.</summary>
public sealed class RewindTests
{
    private const string Build =
        "mkdir -p made/deep && echo one > made/deep/a.txt && chmod 640 made/deep/a.txt && ln -s deep/a.txt made/link "
        + "&& chmod 750 made && rm old.txt && echo changed > kept.txt && chmod 755 kept.txt && mkfifo pipe "
        + "&& rm -r gone && ln -sf made target";

    private const string Wreck =
        "rm -rf made && echo file > made && echo wrecked > kept.txt && chmod 600 kept.txt && echo back > old.txt "
        + "&& mkdir gone && echo other > gone/b.txt && rm pipe target && ln -s elsewhere target && rm -rf src";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("copy")]
    [InlineData("overlay")]
    [Trait("Req", "FS-3")]
    [Trait("Req", "RUN-10")]
    public async Task Brings_back_files_and_context_exactly_after_commands_deletions_and_edits(string view)
    {
        await using var reeve = Sample(view);
        reeve.Scripted(
            Call("shell", new { command = Build }),
            Call("shell", new { command = Line.LookCommand }),
            Call("shell", new { command = Wreck }),
            Call("write", new { path = "new.txt", content = "new" }),
            Call("delete", new { path = "kept.txt" }),
            Says("Wrecked."));
        var before = Line.Tree(reeve.Workspace);
        var report = await reeve.RunAsync();
        var looked = (await reeve.ObservationsAsync(report.Run))[1];

        var rewound = await reeve.RewindAsync(report.Run, await reeve.AfterCallsAsync(report.Run, 2));
        var model = reeve.Scripted(
            Says("-"), Says("-"), Call("shell", new { command = Line.LookCommand }), Says("Seen."));
        var next = await reeve.ContinueAsync(report.Run, "Look again.");

        Assert.Contains("./made/deep/a.txt f 640", looked, StringComparison.Ordinal);
        Assert.Equal(Output(looked), Output((await reeve.ObservationsAsync(next.Run))[0]));
        Assert.Contains("Look again.", model.Heard, StringComparison.Ordinal);
        Assert.Contains(looked, model.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("Wrecked.", model.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("rm -rf made", model.Heard, StringComparison.Ordinal);
        Assert.Equal(before, Line.Tree(reeve.Workspace));
        Assert.Equal("unverified rewound", await StatusAsync(reeve, rewound));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("overlay")]
    [Trait("Req", "FS-3")]
    public async Task Leaves_the_users_own_later_edits_alone(string view)
    {
        await using var reeve = Sample(view);
        reeve.Scripted(
            Call("shell", new { command = "echo run > kept.txt; rm -r gone; echo early > early.txt" }),
            Call("shell", new { command = "echo late > late.txt; echo later > src/app.txt" }),
            Says("Done."));
        var report = await reeve.RunAsync();

        reeve.Write("src/app.txt", "the user's");
        reeve.Write("mine.txt", "mine");
        reeve.Write("gone/mine.txt", "mine too");
        var rewound = await reeve.RewindAsync(report.Run, await reeve.AfterCallsAsync(report.Run, 1));
        var changes = await reeve.WithHostAsync(host => host.DiffAsync(rewound.Run, Stop));
        var applied = await reeve.WithHostAsync(host => host.ApplyAsync(rewound.Run, false, null, Stop));

        Assert.Equal(
            ["early.txt", "gone/a.txt", "kept.txt"], changes.Select(change => change.Path).Order());
        Assert.True(applied.IsDone);
        Assert.Equal("the user's", reeve.Read("src/app.txt"));
        Assert.Equal("mine", reeve.Read("mine.txt"));
        Assert.Equal("mine too", reeve.Read("gone/mine.txt"));
        Assert.Equal("run\n", reeve.Read("kept.txt"));
        Assert.False(File.Exists(Path.Combine(reeve.Workspace, "gone/a.txt")));
        Assert.False(File.Exists(Path.Combine(reeve.Workspace, "late.txt")));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("overlay")]
    [Trait("Req", "FS-3")]
    public async Task Shows_a_conflict_where_the_user_changed_what_the_run_had_changed(string view)
    {
        await using var reeve = Sample(view);
        reeve.Scripted(
            Call("shell", new { command = "echo run > kept.txt" }), Call("shell", new { command = "rm old.txt" }),
            Says("Done."));
        var report = await reeve.RunAsync();

        reeve.Write("kept.txt", "the user's");
        var rewound = await reeve.RewindAsync(report.Run, await reeve.AfterCallsAsync(report.Run, 1));
        var applied = await reeve.WithHostAsync(host => host.ApplyAsync(rewound.Run, false, null, Stop));

        Assert.False(applied.IsDone);
        Assert.Equal(["kept.txt"], applied.Conflicts);
        Assert.Equal("the user's", reeve.Read("kept.txt"));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("overlay")]
    [Trait("Req", "FS-3")]
    public async Task An_applied_run_stays_in_the_users_files_until_the_rewound_one_is_applied(string view)
    {
        await using var reeve = Sample(view);
        reeve.Scripted(
            Call("shell", new { command = "echo first > kept.txt" }),
            Call("shell", new { command = "echo second > kept.txt; rm old.txt; echo new > new.txt" }),
            Says("Done."));
        var report = await reeve.RunAsync();
        await reeve.WithHostAsync(host => host.ApplyAsync(report.Run, false, null, Stop));

        var rewound = await reeve.RewindAsync(report.Run, await reeve.AfterCallsAsync(report.Run, 1));
        var stayed = reeve.Read("kept.txt");
        var changes = await reeve.WithHostAsync(host => host.DiffAsync(rewound.Run, Stop));
        await reeve.WithHostAsync(host => host.ApplyAsync(rewound.Run, false, null, Stop));

        Assert.Equal(report.Run, rewound.Applied);
        Assert.Equal("second\n", stayed);
        Assert.Equal(["kept.txt", "new.txt", "old.txt"], changes.Select(change => change.Path).Order());
        Assert.Equal("first\n", reeve.Read("kept.txt"));
        Assert.Equal("old", reeve.Read("old.txt"));
        Assert.False(File.Exists(Path.Combine(reeve.Workspace, "new.txt")));
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("overlay")]
    [Trait("Req", "FS-3")]
    public async Task What_a_later_run_of_the_session_applied_is_taken_back_too(string view)
    {
        await using var reeve = Sample(view);
        reeve.Scripted(Call("shell", new { command = "echo first > kept.txt" }), Says("Done."));
        var report = await reeve.RunAsync();
        reeve.Scripted(
            Says("-"), Says("-"), Call("shell", new { command = "echo second > kept.txt; rm -r gone; rm old.txt" }),
            Says("Done."));
        var next = await reeve.ContinueAsync(report.Run, "More.");
        await reeve.WithHostAsync(host => host.ApplyAsync(next.Run, false, null, Stop));

        reeve.Write("src/app.txt", "the user's");
        var rewound = await reeve.RewindAsync(report.Run, await reeve.AfterCallsAsync(report.Run, 1));
        await reeve.WithHostAsync(host => host.ApplyAsync(rewound.Run, false, null, Stop));

        Assert.Equal(next.Run, rewound.Applied);
        Assert.Equal("first\n", reeve.Read("kept.txt"));
        Assert.Equal("old", reeve.Read("old.txt"));
        Assert.Equal("a", reeve.Read("gone/a.txt"));
        Assert.Equal("the user's", reeve.Read("src/app.txt"));
    }

    [Fact]
    [Trait("Req", "FS-3")]
    public async Task After_an_apply_the_session_goes_on_with_the_users_files_as_they_are()
    {
        await using var reeve = Sample("copy");
        reeve.Scripted(Call("shell", new { command = "echo run > kept.txt" }), Says("Done."));
        var report = await reeve.RunAsync();
        await reeve.WithHostAsync(host => host.ApplyAsync(report.Run, false, null, Stop));

        reeve.Write("kept.txt", "run and mine");
        reeve.Scripted(Says("-"), Says("-"), Call("read", new { path = "kept.txt" }), Says("Read."));
        var next = await reeve.ContinueAsync(report.Run, "Read it.");

        Assert.Contains("run and mine", (await reeve.ObservationsAsync(next.Run))[0], StringComparison.Ordinal);
        Assert.Empty(next.Changes);
    }

    [Fact]
    [Trait("Req", "FS-3")]
    public async Task Every_place_is_listed_with_its_number_and_what_had_happened()
    {
        await using var reeve = Sample("copy");
        reeve.Scripted(
            Call("shell", new { command = "echo run > kept.txt" }), Call("read", new { path = "kept.txt" }),
            Says("All is done."));
        var goal = "Change it." + new string('!', RewindPoint.SentenceCharactersMax);
        var report = await reeve.RunAsync(goal);

        var points = await reeve.WithHostAsync(host => host.RewindPointsAsync(report.Run, Stop));

        Assert.Equal(
            [
                (RewindPointKind.Prompt, goal[..RewindPoint.SentenceCharactersMax] + "…", false),
                (RewindPointKind.Calls, "shell echo run > kept.txt", true),
                (RewindPointKind.Calls, "read kept.txt", false),
                (RewindPointKind.Answer, "All is done.", false),
            ],
            points.Select(point => (point.Kind, point.Sentence, point.HasChangedFiles)));
        Assert.Equal(points.Select(point => point.At).Order(), points.Select(point => point.At));
    }

    [Fact]
    [Trait("Req", "FS-3")]
    public async Task A_discarded_run_cannot_be_gone_back_to()
    {
        await using var reeve = Sample("copy");
        reeve.Scripted(Call("shell", new { command = "echo run > kept.txt" }), Says("Done."));
        var report = await reeve.RunAsync();
        var at = await reeve.AfterCallsAsync(report.Run, 1);
        await reeve.WithHostAsync(async host =>
        {
            await host.DiscardAsync(report.Run, Stop);
            return true;
        });

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => reeve.RewindAsync(report.Run, at));

        Assert.Equal("fork.view_gone", refusal.Problem.Code);
        Assert.Empty(Directory.GetDirectories(Path.Combine(reeve.Data, "runs")));
    }

    private static ReeveHarness Sample(string view)
    {
        var reeve = new ReeveHarness(Of(Says("-")));
        reeve.Prefers(view);
        reeve.Write("kept.txt", "kept");
        reeve.Write("old.txt", "old");
        reeve.Write("gone/a.txt", "a");
        reeve.Write("src/app.txt", "app");
        return reeve;
    }

    // What is above it is how long the command took.
    private static string Output(string observation) =>
        observation[observation.IndexOf("---", StringComparison.Ordinal)..];

    private static async Task<string> StatusAsync(ReeveHarness reeve, ForkReport rewound)
    {
        var report = await reeve.WithHostAsync(host => host.ReportAsync(rewound.Run, Stop));
        var entries = await reeve.EntriesAsync(rewound.Run);
        Assert.DoesNotContain(entries, shown => shown.Entry.Body is ModelRequested);
        return $"{report.Status.Word()} {report.Reason}";
    }
}

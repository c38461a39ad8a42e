using Reeve.Cli.Screen;
using Reeve.Hosting.Permissions;
using Reeve.Tests.Scenarios.Cli;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>Nothing that a folder brings along counts before a person trusted exactly it.</summary>
public sealed class TrustTests
{
    private const string Policy = "deny: [\"Write(a.txt)\"]\n";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "GATE-11")]
    public async Task A_policy_of_the_folder_counts_once_it_is_trusted_and_no_longer_once_it_changed()
    {
        using var table = Table();
        Bring(table, ".reeve/policy.yaml", Policy);

        var untrusted = await WritesAsync(table);
        Assert.Equal(0, (await table.RunAsync(Stop, "trust")).ExitCode);
        var trusted = await WritesAsync(table);
        Bring(table, ".reeve/policy.yaml", Policy + "# changed\n");
        var changed = await WritesAsync(table);
        await table.RunAsync(Stop, "trust");
        var again = await WritesAsync(table);
        Bring(table, ".reeve/hooks.yaml", "before: [\"touch pwned\"]\n");
        var added = await WritesAsync(table);

        Assert.Equal((true, false, true, false, true),
            (untrusted.Wrote, trusted.Wrote, changed.Wrote, again.Wrote, added.Wrote));
        Assert.Contains("not used, because the folder is not trusted: .reeve/policy.yaml", untrusted.Error);
        Assert.DoesNotContain("not used", trusted.Error);
        Assert.Contains("changed since you trusted it: .reeve/policy.yaml", changed.Error);
        Assert.Contains("changed since you trusted it: .reeve/hooks.yaml", added.Error);
    }

    [Theory]
    [InlineData("approvals.json", "null")]
    [InlineData("approvals.json", "[null]")]
    [InlineData("approvals.json", "[{}]")]
    [InlineData("approvals.json", """[{"rule":"Bash(","workspace":null,"by":"x","at":"2026-01-01"}]""")]
    [InlineData("trust.json", "null")]
    [InlineData("trust.json", """{"/x":null}""")]
    [InlineData("trust.json", """{"/x":{"at":"2026-01-01T00:00:00Z","files":null}}""")]
    [Trait("Req", "CLI-4")]
    public async Task What_was_kept_and_cannot_be_read_is_a_problem_and_no_bug(string file, string text)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var path = Path.Join(reeve.Data, file);
        Directory.CreateDirectory(reeve.Data);
        await File.WriteAllTextAsync(path, text, Stop);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Action read = file == "trust.json"
            ? () => _ = new WorkspaceTrust(reeve.Data, TimeProvider.System).List()
            : () => _ = new KeptRules(reeve.Data).List();

        Assert.Equal("state.malformed", Assert.Throws<Reeve.Authority.ProblemException>(read).Problem.Code);
    }

    [Theory]
    [InlineData("python3 change.py", ".reeve/policy.yaml")]
    [InlineData("python3 change.py", "sub/.REEVE/policy.yaml")]
    [Trait("Req", "GATE-10")]
    [Trait("Req", "GATE-11")]
    public async Task A_policy_that_an_agent_changed_in_its_view_does_not_reach_the_folder(string command, string path)
    {
        await using var reeve = new ReeveHarness(Of(Call("shell", new { command }), Finishes()));
        reeve.Write(path, Policy);
        reeve.Write("change.py", $"for name in ('{path}', 'b.txt'): open(name, 'w').write('allow: []')");
        var trust = new WorkspaceTrust(reeve.Data, TimeProvider.System);
        trust.Trust(reeve.Workspace, trust.Look(reeve.Workspace));
        var run = (await reeve.RunAsync()).Run;

        var applied = await reeve.WithHostAsync(host => host.ApplyAsync(run, includeIgnored: true, null, Stop));

        Assert.Contains(path, applied.LeftOut);
        Assert.True(File.Exists(Path.Join(reeve.Workspace, "b.txt")));
        Assert.Equal(Policy, await File.ReadAllTextAsync(Path.Join(reeve.Workspace, path), Stop));
        Assert.NotEqual(TrustState.Changed, trust.Look(reeve.Workspace).State);
    }

    [Theory]
    [InlineData("ln -s /etc .reeve")]
    [InlineData("mkdir .reeve; ln -s /etc/passwd .reeve/policy.yaml")]
    [InlineData("mkdir .reeve; mkfifo .reeve/policy.yaml")]
    [InlineData("mkdir .reeve; cd .reeve; seq 300 | xargs touch")]
    [InlineData("mkdir .reeve; touch \"$(printf '.reeve/a\\033[2Jb')\"")]
    [InlineData("ln -s ../../etc/passwd .mcp.json")]
    [Trait("Req", "GATE-11")]
    [Trait("Req", "CLI-4")]
    public async Task A_folder_that_brings_something_odd_is_refused_with_its_reason(string bait)
    {
        using var table = Table();
        Assert.True((await WritesAsync(table)).Wrote);
        using (var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "/bin/sh", ["-c", bait])
        {
            WorkingDirectory = table.Workspace,
        })!)
        {
            await shell.WaitForExitAsync(Stop);
        }

        foreach (var arguments in (string[][])[["trust"], ["trust", "--show"], ["run", "-p", "go"]])
        {
            var refused = await table.RunAsync(Stop, arguments);
            Assert.Equal(2, refused.ExitCode);
            Assert.StartsWith("reeve: trust.unreadable: What this folder brings in .reeve", refused.Error);
        }
    }

    [Fact]
    [Trait("Req", "GATE-11")]
    public async Task Trust_is_listed_and_can_be_taken_back()
    {
        using var table = Table();
        Bring(table, ".reeve/policy.yaml", Policy);
        Bring(table, ".mcp.json", "{}");
        await table.RunAsync(Stop, "trust");

        var listed = await table.RunAsync(Stop, "trust", "--list", "--json");
        var revoked = await table.RunAsync(Stop, "trust", "--revoke", "--json");
        var twice = await table.RunAsync(Stop, "trust", "--revoke");

        Assert.Equal(table.Workspace, listed.Json[0].GetProperty("workspace").GetString());
        Assert.Equal([".mcp.json", ".reeve/policy.yaml"],
            listed.Json[0].GetProperty("files").EnumerateArray().Select(file => file.GetString()));
        Assert.Equal("untrusted", revoked.Json.GetProperty("state").GetString());
        Assert.Equal(2, twice.ExitCode);
        Assert.True((await WritesAsync(table)).Wrote);
    }

    [Theory]
    [InlineData("s\ny\n", true)]
    [InlineData("n\n", false)]
    [Trait("Req", "GATE-11")]
    public async Task At_a_terminal_a_person_is_asked_and_can_look_first(string typed, bool isTrusted)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write(".reeve/policy.yaml", Policy);
        var session = new CommandSession(reeve)
        {
            Traits = new TerminalTraits(true, true, true, false, false, 80), Input = typed,
        };
        session.Environment["REEVE_MODEL"] = "scripted/none";

        await session.TypeAsync("run", "Do it.");

        Assert.Contains("brings settings of its own", session.Error);
        Assert.Equal(isTrusted, session.Output.Contains("deny: [\"Write(a.txt)\"]", StringComparison.Ordinal));
        Assert.Equal(
            isTrusted ? TrustState.Trusted : TrustState.Untrusted,
            new WorkspaceTrust(reeve.Data, TimeProvider.System).Look(reeve.Workspace).State);
    }

    [Fact]
    [Trait("Req", "GATE-11")]
    public async Task What_changes_between_the_look_and_the_yes_is_not_trusted()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write(".reeve/policy.yaml", Policy);
        var trust = new WorkspaceTrust(reeve.Data, TimeProvider.System);
        var shown = trust.Look(reeve.Workspace);

        reeve.Write(".reeve/policy.yaml", "allow: []\n");
        trust.Trust(reeve.Workspace, shown);

        Assert.Equal(TrustState.Changed, trust.Look(reeve.Workspace).State);
        Assert.Null(trust.Look(reeve.Workspace).Use(".reeve/policy.yaml"));
        reeve.Write(".reeve/policy.yaml", Policy);
        Assert.NotNull(trust.Look(reeve.Workspace).Use(".reeve/policy.yaml"));
    }

    [Theory]
    [InlineData(WorkspaceTrust.FilesMax, 1, false)]
    [InlineData(WorkspaceTrust.FilesMax + 1, 1, true)]
    [InlineData(1, WorkspaceTrust.BytesMax, false)]
    [InlineData(1, WorkspaceTrust.BytesMax + 1, true)]
    [Trait("Req", "GATE-11")]
    public async Task More_than_a_person_could_look_at_is_refused(int files, int bytes, bool isRefused)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));

        for (var index = 0; index < files; index++)
        {
            reeve.Write($".reeve/{index}.yaml", new string('#', bytes));
        }

        var look = Record.Exception(() => new WorkspaceTrust(reeve.Data, TimeProvider.System).Look(reeve.Workspace));

        Assert.Equal(isRefused, look is Reeve.Authority.ProblemException);
    }

    [Fact]
    [Trait("Req", "GATE-11")]
    public async Task A_link_out_of_the_folder_is_never_read()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        Directory.CreateDirectory(Path.Join(reeve.Workspace, ".reeve"));
        File.CreateSymbolicLink(Path.Join(reeve.Workspace, ".reeve/policy.yaml"), "/etc/passwd");

        Assert.Throws<Reeve.Authority.ProblemException>(
            () => new WorkspaceTrust(reeve.Data, TimeProvider.System).Look(reeve.Workspace));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [Trait("Req", "GATE-11")]
    public async Task Pins_that_somebody_else_could_have_written_count_for_nothing(UnixFileMode more)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write(".reeve/policy.yaml", Policy);
        var trust = new WorkspaceTrust(reeve.Data, TimeProvider.System);
        trust.Trust(reeve.Workspace, trust.Look(reeve.Workspace));
        var pins = Path.Join(reeve.Data, "trust.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(pins));

        File.SetUnixFileMode(pins, File.GetUnixFileMode(pins) | more);

        Assert.Throws<Reeve.Authority.ProblemException>(() => trust.Look(reeve.Workspace));
    }

    [Theory]
    [InlineData(WorkspaceTrust.FoldersMax - 1, false)]
    [InlineData(WorkspaceTrust.FoldersMax, true)]
    [Trait("Req", "GATE-11")]
    public async Task No_more_folders_are_trusted_than_a_person_can_oversee(int folders, bool isRefused)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write(".reeve/policy.yaml", Policy);
        Directory.CreateDirectory(reeve.Data);
        var pins = Path.Join(reeve.Data, "trust.json");
        var lines = Enumerable.Range(0, folders)
            .Select(index => $"\"/{index}\":{{\"at\":\"2026-01-01T00:00:00Z\",\"files\":{{}}}}");
        await File.WriteAllTextAsync(pins, "{" + string.Join(',', lines) + "}", Stop);
        File.SetUnixFileMode(pins, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var trust = new WorkspaceTrust(reeve.Data, TimeProvider.System);

        var refusal = Record.Exception(() => trust.Trust(reeve.Workspace, trust.Look(reeve.Workspace)));

        Assert.Equal(isRefused, refusal is Reeve.Authority.ProblemException { Problem.Code: "trust.too_many" });
    }

    private static async Task<(bool Wrote, string Error)> WritesAsync(ReeveTable table)
    {
        var ended = await table.RunAsync(Stop, "run", "Do it.", "--output-format", "json");
        var changes = ended.Json.GetProperty("changes").EnumerateArray();

        return (changes.Any(change => change.GetProperty("path").GetString() == "a.txt"), ended.Error);
    }

    private static ReeveTable Table() =>
        new("", Call("write", new { path = "a.txt", content = "x" }), Finishes());

    private static void Bring(ReeveTable table, string path, string text)
    {
        var full = Path.Join(table.Workspace, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}

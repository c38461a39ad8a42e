using System.Text;
using System.Text.RegularExpressions;
using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Reeve.Tools;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>What says that it was done was done, as the disk tells; what could not be done does not say so.</summary>
[Trait("Req", "QUAL-3")]
public sealed class HonestToolTests
{
    private static readonly Regex s_cut = new("name \"([^\"]+)\"", RegexOptions.NonBacktracking);
    private static readonly Regex s_variable = new("REEVE_[A-Z][A-Z_]*", RegexOptions.NonBacktracking);

    // Nothing that leaves the sandbox is done where nobody can be asked.
    private static readonly string[] s_needAPerson = ["git_push", "ask_user", "host_command", "propose_plan"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Every tool there is, by the name under which it is registered.</summary>
    [Fact]
    [Trait("Req", "FS-5")]
    public async Task Every_tool_of_the_product_does_what_it_says_it_did()
    {
        var (_, first) = await RunAllAsync(recall: "nothing");
        var name = s_cut.Match(first.First(call => call.Tool == "shell").Text).Groups[1].Value;

        var (disk, calls) = await RunAllAsync(name);

        Assert.Equal(
            BuiltInTools.All.Select(tool => tool.Spec.Name).Except(s_needAPerson).Order(StringComparer.Ordinal),
            calls.Where(call => call.Outcome == ToolOutcome.Done).Select(call => call.Tool)
                .Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(
            "Makefile: test:\n\ttest -e a.md\nformat:\n\techo tidy > tidy.txt | a.md: two needle"
                + " | made.txt: of the shell | new/b.txt: filled in | tidy.txt: tidy",
            disk);
        Assert.Contains("one needle", TextOf("read"), StringComparison.Ordinal);
        Assert.Contains("gone.txt", TextOf("tree"), StringComparison.Ordinal);
        Assert.Contains("a.md", TextOf("grep"), StringComparison.Ordinal);
        Assert.Contains("a.md", TextOf("glob"), StringComparison.Ordinal);
        Assert.Contains("all of it", TextOf("git_log"), StringComparison.Ordinal);
        Assert.Contains("two needle", TextOf("git_blame"), StringComparison.Ordinal);
        Assert.Contains("\"here\"", TextOf("git_checkpoint"), StringComparison.Ordinal);
        Assert.Contains("line 2500\n", TextOf("recall"), StringComparison.Ordinal);

        string TextOf(string tool) => Assert.Single(calls, call => call.Tool == tool).Text;
    }

    [Theory]
    [InlineData("read", """{"path":"nowhere.txt"}""")]
    [InlineData("read", """{"path":"new"}""")]
    [InlineData("edit", """{"path":"a.md","oldText":"three","newText":"two"}""")]
    [InlineData("edit", """{"path":"nowhere.txt","oldText":"one","newText":"two"}""")]
    [InlineData("write", """{"path":"a.md/below.txt","content":"x"}""")]
    [InlineData("write", """{"path":".git/hooks/x","content":"x"}""")]
    [InlineData("delete", """{"path":"nowhere.txt"}""")]
    [InlineData("tree", """{"path":"nowhere"}""")]
    [InlineData("grep", """{"pattern":"("}""")]
    [InlineData("glob", """{"pattern":"**","path":"nowhere"}""")]
    [InlineData("recall", """{"name":"nothing"}""")]
    [InlineData("git_commit", """{"message":"no repository"}""")]
    [InlineData("build", """{"stack":"make","directory":"new"}""")]
    [InlineData("test", """{"stack":"cargo"}""")]
    [InlineData("lint", """{"stack":"make"}""")]
    [InlineData("format", """{"stack":"npm"}""")]
    [InlineData("packages", """{"stack":"npm"}""")]
    [InlineData("shell", """{"command":"exit 3"}""")]
    [InlineData("shell", """{"command":"sleep 30","timeoutSeconds":1}""")]
    public async Task What_cannot_be_done_is_not_said_to_be_done(string tool, string arguments)
    {
        await using var reeve = Project(Call(tool, System.Text.Json.Nodes.JsonNode.Parse(arguments)!), Finishes());

        var report = await reeve.RunAsync();

        Assert.Empty(report.Changes);
        Assert.NotEqual(ToolOutcome.Done, (await CallsAsync(reeve, report)).First(call => call.Tool == tool).Outcome);
    }

    [Theory]
    [InlineData("write", """{"path":"b.txt","content":"x"}""")]
    [InlineData("edit", """{"path":"a.md","oldText":"one","newText":"two"}""")]
    [InlineData("delete", """{"path":"gone.txt"}""")]
    [InlineData("shell", """{"command":"echo x > b.txt"}""")]
    public async Task Where_nothing_may_be_changed_nothing_says_that_it_was(string tool, string arguments)
    {
        await using var reeve = Project(Call(tool, System.Text.Json.Nodes.JsonNode.Parse(arguments)!), Finishes());
        reeve.ChangeMandate = mandate => mandate with { Mode = PermissionMode.Plan };

        var report = await reeve.RunAsync();

        Assert.Empty(report.Changes);
        Assert.Equal(ToolOutcome.Refused, (await CallsAsync(reeve, report)).First(call => call.Tool == tool).Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Req", "RUN-6")]
    public async Task A_run_whose_checks_fail_or_cannot_run_is_never_a_success(bool hasSandbox)
    {
        await using var reeve = Project([.. Enumerable.Range(0, 8).Select(_ => Finishes("All is well."))]);
        reeve.Change = options => options with
        {
            ProfileOf = _ => hasSandbox
                ? SandboxProfile.Default : SandboxProfile.Default with { BubblewrapPath = "/nonexistent/bwrap" },
        };

        var report = await reeve.RunAsync("Do it.", hasSandbox ? "false" : "true");

        Assert.Equal(RunStatus.Unverified, report.Status);
        Assert.Equal(Kernel.Evidence.ProofLevel.None, report.Proof);
    }

    /// <summary>The names of variables in the binaries that are shipped: nothing but the documented ones changes what
    /// they do.</summary>
    [Fact]
    public void No_variable_that_is_not_documented_switches_anything_in_the_binaries()
    {
        var page = Hosting.Configuration.ConfigReference.Markdown();
        string[] documented = ["REEVE_HOME", "REEVE_MODEL", "REEVE_CONFIG", "REEVE_PROFILE", "REEVE_SECTION__KEY"];

        // The tests have a switch of their own, and looking at their binary finds it.
        Assert.Contains(OrdinaryUser.Variable, VariablesIn(typeof(HonestToolTests).Assembly.Location));
        Assert.Contains("REEVE_MODEL", page, StringComparison.Ordinal);
        var shipped = Directory.GetFiles(AppContext.BaseDirectory, "Reeve.*.dll")
            .Concat(Directory.GetFiles(AppContext.BaseDirectory, "reeve.dll"))
            .Where(file => !Path.GetFileName(file).StartsWith("Reeve.Tests.", StringComparison.Ordinal))
            .ToList();
        Assert.True(shipped.Count > 7, $"{shipped.Count} binaries");
        Assert.Subset(
            documented.ToHashSet(StringComparer.Ordinal),
            shipped.SelectMany(VariablesIn).ToHashSet(StringComparer.Ordinal));
    }

    private static IEnumerable<string> VariablesIn(string assembly)
    {
        var bytes = File.ReadAllBytes(assembly);

        // Strings of a program are UTF-16 in its binary, at even or odd places.
        return new[] { 0, 1 }
            .SelectMany(start => s_variable.Matches(Encoding.Unicode.GetString(bytes, start, bytes.Length - start)))
            .Select(match => match.Value).Distinct();
    }

    private static async Task<(string Disk, List<(string Tool, ToolOutcome Outcome, string Text)> Calls)> RunAllAsync(
        string recall)
    {
        await using var reeve = Project(
            Call("shell", new { command = "seq -f 'line %g' 1 5000" }),
            Call("recall", new { name = recall, from = 0, count = 30_000 }),
            Call("read", new { path = "a.md" }),
            Call("tree", new { path = "." }),
            Call("grep", new { pattern = "needle" }),
            Call("glob", new { pattern = "*.md" }),
            Call("write", new { path = "new/b.txt", content = "written" }),
            Call("edit", new { path = "a.md", oldText = "one", newText = "two" }),
            Call("delete", new { path = "gone.txt" }),
            Call("shell", new { command = "echo of the shell > made.txt; git init -q" }),
            Call("git_commit", new { message = "all of it" }),
            Call("build", new { stack = "python" }),
            Call("lint", new { stack = "python" }),
            Call("test", new { stack = "make" }),
            Call("format", new { stack = "make" }),
            Call("write", new { path = "app/package.json", content = """{"name":"app","version":"1.0.0"}""" }),
            Call("write", new
            {
                path = "app/package-lock.json",
                content = """{"name":"app","version":"1.0.0","lockfileVersion":3,"packages":{}}""",
            }),
            Call("packages", new { directory = "app" }),
            Call("shell", new { command = "rm -r app" }),
            Call("git_status", new { }),
            Call("symbols", new { }),
            Call("now", new { }),
            Call("todo", new { items = new[] { new { text = "do it", status = "done" } } }),
            Call("write", new { path = "undone.txt", content = "undone" }),
            Call("undo", new { }),
            Call("fim_edit", new
            {
                path = "new/b.txt", fromLine = 1, toLine = 1, firstLine = "written", lastLine = "written",
                newText = "filled in",
            }),
            Call("diff", new { }),
            Call("git_diff", new { }),
            Call("git_log", new { }),
            Call("git_blame", new { path = "a.md" }),
            Call("git_branch", new { }),
            Call("git_checkpoint", new { action = "create", name = "here" }),
            Finishes());
        var report = await reeve.RunAsync();
        var calls = await CallsAsync(reeve, report);
        await using var host = await reeve.OpenAsync();
        Assert.True((await host.ApplyAsync(report.Run, includeIgnored: true, reviewedTree: null, Stop)).IsDone);
        var disk = Directory.GetFiles(reeve.Workspace, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(reeve.Workspace, file)}: {File.ReadAllText(file).Trim()}");

        return (string.Join(" | ", disk), calls);
    }

    private static async Task<List<(string Tool, ToolOutcome Outcome, string Text)>> CallsAsync(
        ReeveHarness reeve, RunReport report) =>
        [
            .. (await reeve.EntriesAsync(report.Run))
                .Where(shown => shown.Entry.Body is ToolFinished)
                .Select(shown => (shown, Body: (ToolFinished)shown.Entry.Body))
                .Select(call => (call.Body.Tool, call.Body.Outcome, call.shown.Texts[call.Body.Observation])),
        ];

    private static ReeveHarness Project(params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var reeve = new ReeveHarness(Of(turns));
        reeve.Write("a.md", "one needle\n");
        reeve.Write("gone.txt", "x\n");
        reeve.Write("Makefile", "test:\n\ttest -e a.md\nformat:\n\techo tidy > tidy.txt\n");
        return reeve;
    }
}

using System.Text.Json.Nodes;
using Reeve.Doors.Views;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Files through the front door: what a model asks of every tool, in each kind of view.</summary>
public sealed class FilesAndShellTests
{
    private const string Canary = "canary-7f3a";

    public FilesAndShellTests() => OrdinaryUser.FailIfRoot();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    [Trait("Req", "FS-3")]
    public async Task What_the_shell_writes_read_sees_and_the_reverse(ViewPreference kind)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("shell", new { command = "umask 077; mkdir -p made; echo of-the-shell > made/shell.txt" }),
            Call("read", new { path = "made/shell.txt" }),
            Call("write", new { path = "made/tool.txt", content = "of-the-tool\n" }),
            Call("edit", new { path = "closed/private.txt", oldText = "private", newText = "edited" }),
            Call("shell", new { command = "cat made/tool.txt closed/private.txt && echo more >> closed/private.txt" }),
            Call("read", new { path = "closed/private.txt" }),
            Call("delete", new { path = "made/shell.txt" }),
            Call("shell", new { command = "test ! -e made/shell.txt && echo it-is-gone" }),
            Finishes()))
        {
            Change = options => options with { View = kind },
        };
        reeve.Write("closed/private.txt", "private\n");
        Close(reeve.Workspace);

        var report = await reeve.RunAsync("Do it.", "grep -q edited closed/private.txt");

        var texts = await TextsAsync(reeve, report.Run);
        Assert.Contains(texts, text => text.Contains("of-the-shell", StringComparison.Ordinal) && IsOfRead(text));
        Assert.Contains(texts, text => text.Contains("of-the-tool\nedited", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains("more", StringComparison.Ordinal) && IsOfRead(text));
        Assert.Contains(texts, text => text.Contains("stdout\nit-is-gone", StringComparison.Ordinal));
        Assert.Equal(Kernel.Evidence.ProofLevel.Verified, report.Proof);
        Assert.Equal("private\n", reeve.Read("closed/private.txt"));
    }

    [Fact]
    [Trait("Req", "FS-1")]
    [Trait("Req", "FS-4")]
    public async Task No_tool_and_no_command_of_a_run_leads_out_of_the_workspace()
    {
        var outside = Directory.CreateTempSubdirectory("reeve-outside-").FullName;
        File.WriteAllText(Path.Join(outside, "secret.txt"), Canary);

        try
        {
            string[] ways =
            [
                "out/secret.txt", "file", outside + "/secret.txt", "../../../../../../.." + outside + "/secret.txt",
                "/proc/self/root" + outside + "/secret.txt", "self/secret.txt", "pipe", "/dev/zero", "out", outside,
            ];
            await using var reeve = new ReeveHarness(Of([.. ways.Select(Attempts), Finishes()]));
            reeve.Write("a.txt", "a\n");
            File.CreateSymbolicLink(Path.Join(reeve.Workspace, "out"), outside);
            File.CreateSymbolicLink(Path.Join(reeve.Workspace, "file"), Path.Join(outside, "secret.txt"));
            File.CreateSymbolicLink(Path.Join(reeve.Workspace, "self"), "/proc/self/root" + outside);
            using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [Path.Join(reeve.Workspace, "pipe")]))
            {
                await mkfifo.WaitForExitAsync(Stop);
            }

            Assert.All(ways[..6], way =>
                Assert.Equal(Canary, File.ReadAllText(Path.Combine(reeve.Workspace, way))));

            var report = await reeve.RunAsync();

            Assert.True(report.Result == "Done.", $"{report.Status} {report.Reason}");
            Assert.Equal(ways.Length + 1, report.Turns);
            Assert.DoesNotContain(
                await TextsAsync(reeve, report.Run), text => text.Contains(Canary, StringComparison.Ordinal));
            Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
            Assert.Equal(Canary, File.ReadAllText(Path.Join(outside, "secret.txt")));
        }
        finally
        {
            Directory.Delete(outside, recursive: true);
        }
    }

    private static JsonObject Attempts(string way) => Calls(
        ("read", new { path = way }),
        ("write", new { path = way, content = "owned" }),
        ("write", new { path = way + "/planted.txt", content = "owned" }),
        ("edit", new { path = way, oldText = "canary", newText = "owned" }),
        ("delete", new { path = way }),
        ("tree", new { path = way }),
        ("grep", new { pattern = "c.nary", path = way }),
        ("glob", new { pattern = "**", path = way }),
        ("shell", new
        {
            command = $"timeout 2 head -c 100 '{way}'; timeout 2 sh -c 'echo owned > {way}'; "
                + $"echo > '{way}/planted.txt'",
        }));

    private static bool IsOfRead(string text) => !text.Contains("--- stdout", StringComparison.Ordinal);

    private static async Task<List<string>> TextsAsync(ReeveHarness reeve, Kernel.Journal.RunKey run)
    {
        await using var host = await reeve.OpenAsync();
        var texts = new List<string>();

        await foreach (var shown in host.EntriesAsync(run, 1, Stop))
        {
            if (shown.Entry.Body is Kernel.Journal.Events.ToolFinished)
            {
                texts.AddRange(shown.Texts.Values);
            }
        }

        return texts;
    }

    private static void Close(string workspace)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        File.SetUnixFileMode(Path.Join(workspace, "closed/private.txt"), Owner);
        File.SetUnixFileMode(Path.Join(workspace, "closed"), Owner | UnixFileMode.UserExecute);
        File.SetUnixFileMode(workspace, Owner | UnixFileMode.UserExecute);
    }
}

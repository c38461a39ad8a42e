using System.Diagnostics;
using System.Text.Json;
using Reeve.Tests.Scenarios.Cli;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>One tree for shell and file tools, through the built command, in each kind of view.</summary>
/// <remarks>As whoever runs the tests, and once more as a user without rights: there it fails as root.</remarks>
[Trait("Runs", "AsAnyone")]
public sealed class SharedTreeTests
{
    public const string AsUserVariable = "REEVE_TEST_AS_USER";

    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("auto")]
    [InlineData("copy")]
    [InlineData("overlay")]
    [InlineData("reflink")]
    [Trait("Req", "FS-3")]
    [Trait("Req", "RUN-1")]
    public async Task What_the_shell_writes_read_sees_and_the_reverse(string kind)
    {
        ThrowIfRootWhereUserIsMeant();
        using var reeve = new ReeveTable(
            $"view:\n  kind: {kind}\n",
            Call("read", new { path = "closed/private.txt" }),
            Call("shell", new { command = "umask 077; mkdir -p made; echo of-the-shell > made/shell.txt" }),
            Call("read", new { path = "made/shell.txt" }),
            Call("write", new { path = "made/tool.txt", content = "of-the-tool\n" }),
            Call("edit", new { path = "closed/private.txt", oldText = "untouched", newText = "edited" }),
            Call("shell", new
            {
                command = "cat made/tool.txt closed/private.txt && echo appended >> closed/private.txt",
            }),
            Call("read", new { path = "closed/private.txt" }),
            Call("delete", new { path = "made/shell.txt" }),
            Call("shell", new { command = "test ! -e made/shell.txt && echo it-is-gone" }),
            Call("shell", new { command = "rm -r closed/deep && mv made/tool.txt made/moved.txt && chmod 700 made" }),
            Call("tree", new { path = "." }),
            Finishes());
        Fill(reeve.Workspace);

        var ended = await reeve.RunAsync(
            Stop, "run", "-p", "Do it.", "--output-format", "json", "--accept",
            "grep -q edited closed/private.txt && grep -q appended closed/private.txt && test -e made/moved.txt");

        if (kind == "reflink" && !CanClone(reeve.Workspace))
        {
            Assert.Equal("view.no_reflink", ended.Json.GetProperty("reason").GetString());
            return;
        }

        Assert.True(ended.Json.GetProperty("status").GetString() == "succeeded", ended.Output + ended.Error);
        Assert.Equal("verified", ended.Json.GetProperty("proof").GetProperty("level").GetString());
        AssertUntouched(reeve.Workspace);
        await AssertSeenAsync(reeve);
        Assert.Equal(0, (await reeve.RunAsync(Stop, "apply")).ExitCode);
        AssertApplied(reeve.Workspace);
        Assert.Equal(0, (await reeve.RunAsync(Stop, "undo")).ExitCode);
        AssertUntouched(reeve.Workspace);
    }

    private static void ThrowIfRootWhereUserIsMeant() => Assert.False(
        Environment.GetEnvironmentVariable(AsUserVariable) is not null && Environment.IsPrivilegedProcess,
        "This test must run as an unprivileged user and found itself root.");

    private static void Fill(string workspace)
    {
        Directory.CreateDirectory(Path.Join(workspace, "closed", "deep"));
        foreach (var path in new[] { "closed/private.txt", "closed/deep/note.txt" })
        {
            File.WriteAllText(Path.Join(workspace, path), "untouched\n");
            File.SetUnixFileMode(Path.Join(workspace, path), Private);
        }

        foreach (var folder in new[] { "closed/deep", "closed", "." })
        {
            File.SetUnixFileMode(Path.Join(workspace, folder), Private | UnixFileMode.UserExecute);
        }
    }

    private static async Task AssertSeenAsync(ReeveTable reeve)
    {
        var journal = await reeve.RunAsync(Stop, "show", "--journal", "--json");
        var texts = journal.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(entry => entry.GetProperty("type").GetString() == "tool.finished")
            .Select(entry => string.Concat(
                entry.GetProperty("texts").EnumerateObject().Select(text => $"{text.Value}")))
            .ToList();

        Assert.Contains("untouched", texts[0], StringComparison.Ordinal);
        Assert.Contains("of-the-shell", texts[2], StringComparison.Ordinal);
        Assert.Contains("of-the-tool\nedited", texts[5], StringComparison.Ordinal);
        Assert.Contains("appended", texts[6], StringComparison.Ordinal);
        Assert.Contains("it-is-gone", texts[8], StringComparison.Ordinal);
        Assert.Contains("moved.txt", texts[10], StringComparison.Ordinal);
        Assert.DoesNotContain("note.txt", texts[10], StringComparison.Ordinal);
    }

    private static void AssertUntouched(string workspace)
    {
        Assert.Equal("untouched\n", File.ReadAllText(Path.Join(workspace, "closed/private.txt")));
        Assert.Equal("untouched\n", File.ReadAllText(Path.Join(workspace, "closed/deep/note.txt")));
        Assert.Equal(Private, File.GetUnixFileMode(Path.Join(workspace, "closed/private.txt")));
        Assert.False(Directory.Exists(Path.Join(workspace, "made")));
    }

    private static void AssertApplied(string workspace)
    {
        Assert.Equal("edited\nappended\n", File.ReadAllText(Path.Join(workspace, "closed/private.txt")));
        Assert.Equal(Private, File.GetUnixFileMode(Path.Join(workspace, "closed/private.txt")));
        Assert.Equal("of-the-tool\n", File.ReadAllText(Path.Join(workspace, "made/moved.txt")));
        Assert.False(Directory.Exists(Path.Join(workspace, "closed/deep")));
        Assert.False(File.Exists(Path.Join(workspace, "made/shell.txt")));
    }

    private static bool CanClone(string folder)
    {
        var (from, to) = (Path.Join(folder, "closed/private.txt"), Path.Join(folder, "..", "clone"));
        using var copy = Process.Start("cp", ["--reflink=always", from, to]);
        copy.WaitForExit();

        return copy.ExitCode == 0;
    }
}

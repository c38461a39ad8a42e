using Reeve.Doors.Processes;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Adversarial.Runs;

/// <summary>A bubblewrap that quietly leaves a wall out: what it makes looks like a sandbox and is none.</summary>
public sealed class LeakySandboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reeve-leaky-").FullName;

    public LeakySandboxTests() => File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);

    [Theory]
    [InlineData("--seccomp", 2)]
    [InlineData("--unshare-net", 1)]
    [InlineData("--unshare-pid", 1)]
    [Trait("Req", "EXEC-1")]
    [Trait("Req", "EXEC-3")]
    public async Task No_command_runs_where_a_wall_is_missing(string wall, int words)
    {
        var whole = await RunWithAsync(missing: "--nothing", words: 1);
        var leaky = await RunWithAsync(missing: wall, words);

        Assert.Contains("ran.txt", whole.Changes, StringComparer.Ordinal);
        Assert.DoesNotContain("sandbox.not_contained", whole.Said, StringComparison.Ordinal);
        Assert.Empty(leaky.Changes);
        Assert.Contains("sandbox.not_contained", leaky.Said, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(string[] Changes, string Said)> RunWithAsync(string missing, int words)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("shell", new { command = "echo ran > ran.txt" }), Finishes()));
        var profile = SandboxProfile.Default with { BubblewrapPath = Bubblewrap(missing, words) };
        reeve.Change = options => options with { ProfileOf = _ => profile };
        var run = await reeve.WithHostAsync(host => reeve.SubmitAsync(host));
        var report = await reeve.ContinueAsync(run);

        return ([.. report.Changes.Select(change => change.Path)], await reeve.TextsAsync(run));
    }

    /// <summary>Its arguments come through a descriptor; this one takes one of them away, with its value
    /// where it has one.</summary>
    private string Bubblewrap(string missing, int words)
    {
        var script = Path.Combine(_folder, $"bwrap{missing}");
        File.WriteAllText(script, $"""
            #!/bin/sh
            kept=$(/usr/bin/mktemp {_folder}/XXXXXX)
            /usr/bin/tr '\0' '\n' <&3 | /usr/bin/sed '/^{missing}$/,+{words - 1}d' | /usr/bin/tr '\n' '\0' >"$kept"
            exec 3<"$kept"
            exec /usr/bin/env -i {SandboxProfile.Default.BubblewrapPath} "$@"
            """);
        File.SetUnixFileMode(script, (UnixFileMode)0b111_101_101);
        return script;
    }
}

using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>Attacks on masks and on the closed root, whether a program beside bubblewrap made them or it did.</summary>
[Collection("sandbox")]
[Trait("Runs", "AsAnyone")]
public sealed class MountAttacks : IDisposable
{
    private readonly SandboxTestbed _testbed = new();

    public void Dispose() => _testbed.Dispose();

    [Theory, Trait("Req", "EXEC-1")]
    [InlineData("cat /proc/kallsyms")]
    [InlineData("cat /proc/cmdline")]
    [InlineData("cat /proc/partitions")]
    [InlineData("cat /proc/interrupts")]
    [InlineData("find /proc/fs /proc/driver -mindepth 1 | grep .")]
    public async Task What_the_kernel_tells_of_the_host_is_masked(string line)
    {
        Assert.Equal(0, ForeignProgram.Run("/bin/sh", "-c", $"({line}) >/dev/null 2>&1").ExitCode);

        foreach (var isHelped in new[] { true, false })
        {
            Assert.Equal("stopped\n", await OutputAsync(isHelped, $"({line}) >/dev/null 2>&1 || echo stopped"));
        }
    }

    [Theory, Trait("Req", "EXEC-1")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_of_the_root_can_be_written_or_made_writable(bool isHelped)
    {
        // The same look finds the two places that may be written.
        const string Look = "find / -xdev -writable ! -type l 2>/dev/null | sort";
        var change = "chmod 666 /etc/hosts /etc/passwd || echo x >> /etc/hosts || rm -f /etc/services || mkdir /etc/x"
            + " || chmod 777 /etc /dev / /proc/fs || touch /proc/fs/x";

        Assert.Equal("/tmp\n/workspace\n", await OutputAsync(isHelped, Look));
        Assert.Equal(string.Empty, await OutputAsync(isHelped, $"({change}) 2>/dev/null && echo through"));
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task Both_ways_of_mounting_show_the_same_sandbox()
    {
        const string Mounts = "awk '{ print $5, substr($6, 1, 2) }' /proc/self/mountinfo | sort";
        const string Files = "cd /etc && find . -maxdepth 2 | sort;"
            + " cat passwd group hosts nsswitch.conf services | cksum;"
            + " ls -lL /etc/hosts /etc/services /etc/localtime | cut -c1-10; ls /etc/ssl/certs | cksum";

        foreach (var look in new[] { Mounts, Files })
        {
            var helped = await OutputAsync(isHelped: true, look);

            Assert.NotEmpty(helped);
            Assert.Equal(await OutputAsync(isHelped: false, look), helped);
        }
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task A_mount_that_is_refused_beside_bubblewrap_is_made_by_it_and_nothing_runs_before()
    {
        // Only bubblewrap makes the file that it mounts on.
        var lent = Directory.CreateDirectory(Path.Join(_testbed.Base, "lent")).FullName;
        var grant = new ToolchainGrant("tool", lent, "test") { MaskedFiles = ["/tmp/missing"] };
        var sandbox = Sandbox(isHelped: true, grant);

        var run = await RunAsync(sandbox, "echo once >> log; cat /proc/kallsyms >/dev/null 2>&1 || cat log");

        Assert.Equal("once\n", SandboxTestbed.Text(run.Result.Output));
        Assert.False(sandbox.IsHelped);
    }

    [Theory, Trait("Req", "EXEC-13")]
    [InlineData(10)]
    [InlineData(ProbeProgram.CallsMax + 1)]
    public async Task Every_credential_is_masked_however_many_there_are(int count)
    {
        var lent = Directory.CreateDirectory(Path.Join(_testbed.Base, "lent")).FullName;
        var secrets = Enumerable.Range(0, count).Select(index => Path.Join(lent, $"{index}.npmrc")).ToList();
        secrets.ForEach(path => File.WriteAllText(path, "secret"));
        var masked = new ToolchainGrant("tool", lent, "test") { MaskedFiles = secrets };
        var look = $"cat {lent}/* 2>/dev/null | wc -c";

        var open = await RunAsync(Sandbox(isHelped: true, masked with { MaskedFiles = [] }), look);
        var closed = await RunAsync(Sandbox(isHelped: true, masked), look);

        Assert.Equal($"{6 * count}\n", SandboxTestbed.Text(open.Result.Output));
        Assert.Equal("0\n", SandboxTestbed.Text(closed.Result.Output));
    }

    private Bubblewrap Sandbox(bool isHelped, params ToolchainGrant[] toolchains) => new(
        SandboxProfile.Default with { Limits = SandboxTestbed.Limits, Toolchains = toolchains }, _testbed.Root,
        TimeProvider.System)
    {
        IsHelped = isHelped,
    };

    private static Task<SandboxRun> RunAsync(Bubblewrap sandbox, string line) => sandbox.RunAsync(
        new Command(["/bin/sh", "-c", line]), onOutput: null, TestContext.Current.CancellationToken);

    private async Task<string> OutputAsync(bool isHelped, string line)
    {
        var sandbox = Sandbox(isHelped);
        var run = await RunAsync(sandbox, line);

        // A machine that refuses the help would make both ways one.
        Assert.Equal(isHelped, sandbox.IsHelped);
        return SandboxTestbed.Text(run.Result.Output);
    }
}

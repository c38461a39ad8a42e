using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>Attempts to see or change what is outside, each first shown to work where nothing guards.</summary>
[Collection("sandbox")]
[Trait("Runs", "AsAnyone")]
public sealed class EscapeAttacks : IDisposable
{
    private readonly SandboxTestbed _testbed = new();

    public void Dispose() => _testbed.Dispose();

    [Theory, Trait("Req", "EXEC-1")]
    [InlineData(
        "test -e /proc/$PPID/root/etc/hostname || test -e /etc/machine-id"
            + " || test -e /etc/debian_version -a -e /var/lib")]
    [InlineData("ls /sys/kernel")]
    [InlineData("ls /home || ls /root || ls /opt")]
    [InlineData("test $(ls -d /proc/[0-9]* | wc -l) -gt 8")]
    [InlineData("grep -q . /proc/cmdline")]
    [InlineData("grep -q . /proc/timer_list || grep -q . /proc/kallsyms || grep -q . /proc/interrupts")]
    [InlineData("chmod 4755 $(mktemp)")]
    [InlineData("chmod 2755 $(mktemp)")]
    [InlineData("perl -e 'exit(syscall(135, 8) < 0)'")]
    [InlineData("perl -e 'exit(syscall(250, 0, -3, 0) < 0)'")]
    [InlineData("perl -e 'exit(syscall(101, 0, 0, 0, 0) < 0)'")]
    [InlineData("perl -MSocket -e 'socket(S, 16, 3, 15) or exit 1'")]
    [InlineData("perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) or exit 1'")]
    [InlineData("unshare --user true")]
    [InlineData("unshare --user --map-root-user --mount true")]
    [InlineData("perl -e '$! = 0; syscall(425, 1, 0); exit($! == 38)'")]
    [InlineData("test \"$(hostname)\" != sandbox")]
    [InlineData("test \"$(env | grep -c REEVE_SECRET)\" -gt 0")]
    public async Task Works_outside_and_not_inside(string line)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["REEVE_SECRET"] = "canary" };
        var outside = ForeignProgram.Run("/bin/sh", ["-c", $"({line}) >/dev/null 2>&1"], environment);
        var inside = await _testbed.RunAsync("/bin/sh", "-c", $"({line}) >/dev/null 2>&1");

        Assert.Equal(0, outside.ExitCode);
        Assert.NotEqual(0, inside.Result.ExitCode);
    }

    [Theory, Trait("Req", "EXEC-1")]
    [InlineData("touch /planted")]
    [InlineData("touch /usr/planted")]
    [InlineData("touch /etc/planted")]
    [InlineData("touch /dev/planted")]
    [InlineData("touch /run/planted")]
    [InlineData("touch /var/planted")]
    [InlineData("echo x > /proc/sys/kernel/hostname")]
    [InlineData("echo x > /proc/sys/kernel/core_pattern")]
    [InlineData("echo x > /proc/sys/vm/drop_caches")]
    [InlineData("echo 1000 > /proc/sys/user/max_user_namespaces")]
    [InlineData("mount -t tmpfs none /tmp")]
    [InlineData("umount /proc")]
    [InlineData("mknod /tmp/device c 1 3")]
    [InlineData("chroot /usr true")]
    [InlineData("renice -n -5 $$")]
    [InlineData("chrt -f 10 true")]
    [InlineData("dmesg")]
    [InlineData("mv /workspace /elsewhere")]
    [InlineData("nsenter -t 1 -m true")]
    public async Task Is_refused_inside(string line)
    {
        var run = await _testbed.RunAsync("/bin/sh", "-c", $"({line}) >/dev/null 2>&1 && echo through");

        Assert.Equal(string.Empty, SandboxTestbed.Text(run.Result.Output));
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task Has_no_capability_and_no_way_to_gain_one()
    {
        var status = await _testbed.OutputAsync("cat /proc/self/status");

        foreach (var set in new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" })
        {
            Assert.Contains($"{set}:\t0000000000000000", status, StringComparison.Ordinal);
        }

        Assert.Contains("NoNewPrivs:\t1", status, StringComparison.Ordinal);
        Assert.Contains("Seccomp:\t2", status, StringComparison.Ordinal);
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task Sees_only_its_own_descriptors()
    {
        using var secret = File.OpenHandle(Path.Join(_testbed.Base, "secret"), FileMode.Create, FileAccess.ReadWrite);

        Assert.Equal("0 1 2 3", (await _testbed.OutputAsync("echo $(ls /proc/self/fd)")).Trim());
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task The_first_process_shows_neither_environment_nor_paths_of_the_host()
    {
        Assert.Equal("0\n", await _testbed.OutputAsync("cat /proc/1/environ | wc -c"));
        Assert.DoesNotContain(_testbed.Base, await _testbed.OutputAsync("cat /proc/1/cmdline"),
            StringComparison.Ordinal);
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task A_set_user_id_program_of_the_host_gains_nothing()
    {
        Assert.Equal("65534\n", await _testbed.OutputAsync("id -u; su -c id root </dev/null 2>/dev/null"));
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task An_x32_call_ends_the_process()
    {
        var run = await _testbed.RunAsync("/usr/bin/perl", "-e", "syscall(0x40000000 + 39); print 'alive'");

        Assert.Equal("SIGSYS", run.Result.Signal);
        Assert.Equal(0, run.Result.Output.BytesTotal);
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task What_it_may_do_it_can_do()
    {
        _testbed.Write("input.txt", "from outside");

        var output = await _testbed.OutputAsync(
            "cat input.txt; echo inside > made.txt; mkdir -p a/b && mv made.txt a/b/;"
            + " ln -s a link; cat link/b/made.txt");

        Assert.Equal("from outsideinside\n", output);
        Assert.Equal("inside\n", await File.ReadAllTextAsync(Path.Join(_testbed.Workspace, "a/b/made.txt")));
    }

    [Theory, Trait("Req", "EXEC-5")]
    [InlineData("command.not_found", "/no/such/program")]
    [InlineData("command.not_found", "no-such-program")]
    [InlineData("command.invalid", "/etc/passwd")]
    [InlineData("command.invalid", "a\0b")]
    public async Task A_program_that_cannot_start_is_a_problem_and_no_result(string code, string program)
    {
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _testbed.RunAsync(program));

        Assert.Equal(code, refused.Problem.Code);
    }

    [Fact, Trait("Req", "EXEC-5")]
    public async Task Arguments_and_input_arrive_as_they_are()
    {
        var bubblewrap = new Bubblewrap(SandboxProfile.Default, _testbed.Root, TimeProvider.System);
        var command = new Command(["/usr/bin/printf", "%s|", "$(id)", "; ls", "--help", "-- x", "a\nb", ""]);
        var run = await bubblewrap.RunAsync(command, onOutput: null, CancellationToken.None);
        var echoed = await bubblewrap.RunAsync(
            new Command(["/bin/cat"], Input: "given\0bytes"u8.ToArray()), onOutput: null, CancellationToken.None);

        Assert.Equal("$(id)|; ls|--help|-- x|a\nb||", SandboxTestbed.Text(run.Result.Output));
        Assert.Equal("given\0bytes", SandboxTestbed.Text(echoed.Result.Output));
    }
}

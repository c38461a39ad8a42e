using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>Programs that take all they can get. Each is ended by its limit, and nothing of it is left.</summary>
[Collection("sandbox")]
[Trait("Runs", "AsAnyone")]
public sealed class LimitAttacks : IDisposable
{
    private readonly SandboxTestbed _testbed = new();

    public void Dispose() => _testbed.Dispose();

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_fork_bomb_ends_at_the_limit_on_processes()
    {
        var run = await RunAsync(SandboxTestbed.Limits with { Processes = 96 }, ":(){ :|:& };:; sleep 61.01");

        Assert.Equal(CommandLimit.Processes, run.Result.Limit);
        Assert.InRange(run.Result.WallTime, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        await _testbed.AssertNothingIsLeftAsync("61.01");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_memory_bomb_ends_at_the_limit_on_memory()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { MemoryBytes = 256 << 20 },
            "exec perl -e 'push @a, \"61.02\" x (1 << 20) while 1'");

        Assert.Equal(CommandLimit.Memory, run.Result.Limit);
        Assert.InRange(run.Result.MemoryBytesPeak, 100 << 20, 1 << 30);
        await _testbed.AssertNothingIsLeftAsync("61.02");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task The_memory_of_many_small_processes_counts_together()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { MemoryBytes = 256 << 20 },
            "for i in 1 2 3 4 5 6 7 8; do perl -e '$x = \"a\" x (60 << 20); sleep 61' & done; wait");

        Assert.Equal(CommandLimit.Memory, run.Result.Limit);
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task Files_in_memory_count_as_memory()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { MemoryBytes = 128 << 20 },
            "for f in a b c d; do head -c 200M /dev/zero > /tmp/$f; done; sleep 61.03");

        Assert.Equal(CommandLimit.Memory, run.Result.Limit);
        await _testbed.AssertNothingIsLeftAsync("61.03");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task Files_that_exist_only_in_memory_and_are_not_mapped_count_as_memory()
    {
        const string Script = "import os\nf = [os.memfd_create('x') for _ in range(8)]\n"
            + "for d in f:\n  for _ in range(100): os.write(d, b'x' * (1 << 20))\nimport time; time.sleep(61)";
        _testbed.Write("hide.py", Script);
        var run = await RunAsync(SandboxTestbed.Limits with { MemoryBytes = 256 << 20 },
            "exec /usr/bin/python3 hide.py");

        Assert.Equal(CommandLimit.Memory, run.Result.Limit);
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_disk_filler_ends_at_the_limit_on_growth()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { DiskBytes = 64 << 20, FileBytes = 16 << 20 },
            "for i in $(seq 400); do head -c 10M /dev/zero > file$i || exit; done; sleep 61.04");

        Assert.Equal(CommandLimit.Disk, run.Result.Limit);
        await _testbed.AssertNothingIsLeftAsync("61.04");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_filler_of_files_that_no_directory_shows_is_found()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { DiskBytes = 64 << 20, FileBytes = 16 << 20 },
            "perl -e 'for (1..40) { open($f[$_], \">\", \"gone$_\"); print {$f[$_]} \"x\" x (10 << 20);"
            + " unlink \"gone$_\" } sleep 61'");

        Assert.Equal(CommandLimit.Disk, run.Result.Limit);
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_million_empty_files_end_at_the_limit_on_files()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { DiskFiles = 2_000 },
            "perl -e 'for (1..1000000) { open(F, \">\", \"empty$_\") or die; close F }'; sleep 61.05");

        Assert.Equal(CommandLimit.Disk, run.Result.Limit);
        await _testbed.AssertNothingIsLeftAsync("61.05");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_file_ends_at_the_limit_on_its_size()
    {
        var run = await RunAsync(SandboxTestbed.Limits with { FileBytes = 1 << 20 },
            "exec head -c 10M /dev/zero > big");

        Assert.Equal(CommandLimit.FileSize, run.Result.Limit);
        Assert.Equal(1 << 20, new FileInfo(Path.Join(_testbed.Workspace, "big")).Length);
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task An_endless_loop_ends_at_the_limit_on_time()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { CpuTime = TimeSpan.FromSeconds(1) }, "while :; do :; done; : 61.06");

        Assert.Equal(CommandLimit.CpuTime, run.Result.Limit);
        await _testbed.AssertNothingIsLeftAsync("61.06");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_loop_in_many_processes_shares_one_limit_on_time()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { CpuTime = TimeSpan.FromSeconds(1) },
            "for i in 1 2 3 4; do (trap '' XCPU; while :; do :; done) & done; wait");

        Assert.Equal(CommandLimit.CpuTime, run.Result.Limit);
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_sleeper_ends_at_the_limit_on_wall_time()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { WallTime = TimeSpan.FromMilliseconds(300) },
            "trap '' TERM INT HUP; sleep 61.07; sleep 61.07");

        Assert.Equal(CommandLimit.WallTime, run.Result.Limit);
        Assert.InRange(run.Result.WallTime, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(10));
        await _testbed.AssertNothingIsLeftAsync("61.07");
    }

    [Fact, Trait("Req", "EXEC-4"), Trait("Req", "EXEC-5")]
    public async Task A_flood_of_output_ends_at_its_limit_and_keeps_head_and_tail()
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var run = await RunAsync(SandboxTestbed.Limits with { OutputBytes = 32 << 20 },
            "echo first; yes | head -c 10G; : 61.08");
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;

        Assert.Equal(CommandLimit.Output, run.Result.Limit);
        Assert.True(run.Result.Output.IsTruncated);
        Assert.StartsWith("first\ny\n", SandboxTestbed.Text(run.Result.Output), StringComparison.Ordinal);
        Assert.InRange(run.Result.Output.Head.Length + run.Result.Output.Tail.Length, 1, 128 << 10);
        Assert.InRange(run.Result.Output.BytesTotal, 32 << 20, 34 << 20);
        Assert.InRange(allocated, 0, 16 << 20);
        await _testbed.AssertNothingIsLeftAsync("61.08");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_daemon_that_left_its_parents_is_not_left()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits,
            "(setsid sh -c 'setsid sleep 61.09 & sleep 61.09' </dev/null >/dev/null 2>&1 &); echo gone");

        Assert.Equal(("gone\n", 0), (SandboxTestbed.Text(run.Result.Output), run.Result.ExitCode));
        await _testbed.AssertNothingIsLeftAsync("61.09");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_child_that_holds_the_output_does_not_delay_the_return()
    {
        var run = await RunAsync(SandboxTestbed.Limits, "sleep 61.10 & echo done");

        Assert.Equal(("done\n", 0), (SandboxTestbed.Text(run.Result.Output), run.Result.ExitCode));
        Assert.InRange(run.Result.WallTime, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        await _testbed.AssertNothingIsLeftAsync("61.10");
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_leak_of_descriptors_meets_its_limit_inside()
    {
        var run = await RunAsync(
            SandboxTestbed.Limits with { OpenFiles = 64 },
            "exec perl -e 'while (open($f[$n], \"<\", \"/dev/null\")) { $n++ } print $n'");

        Assert.InRange(int.Parse(SandboxTestbed.Text(run.Result.Output)), 10, 64);
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task Cancelling_ends_everything()
    {
        using var cancel = new CancellationTokenSource();
        var bubblewrap = new Bubblewrap(SandboxProfile.Default, _testbed.Root, TimeProvider.System);
        var run = await bubblewrap.RunAsync(
            new Command(["/bin/sh", "-c", "echo up; sleep 61.11; sleep 61.11"]), _ => cancel.Cancel(), cancel.Token);

        Assert.Equal(CommandLimit.Cancelled, run.Result.Limit);
        await _testbed.AssertNothingIsLeftAsync("61.11");
    }

    [Fact, Trait("Req", "EXEC-5")]
    public async Task The_most_arguments_are_given_to_a_program_and_one_more_is_refused()
    {
        string[] most = ["/bin/sh", "-c", "echo $#", "sh", .. Enumerable.Repeat("a", Bubblewrap.ArgumentsMax - 4)];

        var run = await _testbed.RunAsync(most);
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _testbed.RunAsync([.. most, "a"]));

        Assert.Equal($"{Bubblewrap.ArgumentsMax - 4}\n", SandboxTestbed.Text(run.Result.Output));
        Assert.Equal("command.invalid", refusal.Problem.Code);
    }

    [Fact, Trait("Req", "EXEC-4")]
    public async Task A_hundred_commands_leave_no_descriptor_and_no_process_behind()
    {
        await _testbed.RunAsync("/bin/true");
        var before = Directory.GetFiles("/proc/self/fd").Length;
        var children = Sandboxes();

        for (var turn = 0; turn < 100; turn++)
        {
            await _testbed.RunAsync("/bin/true");
        }

        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length, 0, before + 8);
        Assert.Empty(Sandboxes().Except(children));
    }

    private static List<int> Sandboxes() => ProcessFiles.Tree(Environment.ProcessId, countMax: 1_000)
        .FindAll(process => ProcessFiles.ReadText($"/proc/{process}/comm") is "bwrap\n");

    private Task<SandboxRun> RunAsync(SandboxLimits limits, string line) =>
        _testbed.RunAsync(limits, "/bin/bash", "-c", line);
}

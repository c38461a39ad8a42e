using System.Diagnostics;
using Reeve.Doors.Leases;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Leases;

public sealed class LocalProcessTests
{
    private readonly LocalProcess _here = LocalProcess.Current(instance: 3);

    [Fact]
    public void Knows_itself_as_alive_and_its_instances_apart()
    {
        Assert.False(_here.IsDead(_here.Owner));
        Assert.Equal(3, _here.Owner.Instance);
        Assert.Equal(LocalProcess.Current(instance: 3).Owner, _here.Owner);
    }

    [Fact]
    public void A_later_process_of_the_same_number_is_not_taken_for_the_owner() =>
        Assert.True(_here.IsDead(_here.Owner with { StartTicks = _here.Owner.StartTicks - 1 }));

    [Fact]
    public void Every_process_of_another_boot_is_dead() =>
        Assert.True(_here.IsDead(_here.Owner with { BootId = "0 " + _here.Owner.BootId.Split(' ')[1] }));

    [Fact]
    public void A_process_of_another_namespace_cannot_be_judged_dead() =>
        Assert.False(_here.IsDead(_here.Owner with
        {
            BootId = _here.Owner.BootId.Split(' ')[0] + " pid:[1]",
            ProcessId = int.MaxValue,
        }));

    [Fact]
    public async Task A_killed_process_is_dead_also_while_nobody_has_collected_it()
    {
        // The shell does not collect its child: exec put a sleep in its place.
        using var parent = Process.Start(new ProcessStartInfo("sh", ["-c", "sleep 60 & echo $!; exec sleep 60"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync())!);
        var fields = (await File.ReadAllTextAsync($"/proc/{child}/stat")).Split(' ');
        var owner = _here.Owner with { ProcessId = child, StartTicks = long.Parse(fields[21]) };
        var before = _here.IsDead(owner);

        using (var killed = Process.GetProcessById(child))
        {
            killed.Kill();
        }

        while (!(await File.ReadAllTextAsync($"/proc/{child}/stat")).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Yield();
        }

        Assert.False(before);
        Assert.True(_here.IsDead(owner));
        parent.Kill();
    }
}

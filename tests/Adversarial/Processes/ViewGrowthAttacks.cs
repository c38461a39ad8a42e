using Reeve.Doors.Processes;
using Reeve.Doors.Views;
using Reeve.Kernel.Journal.Events;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>What a run writes counts against its disk limit wherever its view grows.</summary>
[Collection("sandbox"), Trait("Runs", "AsAnyone")]
public sealed class ViewGrowthAttacks
{
    private const string Filler =
        "for i in $(seq 20); do head -c 10M /dev/zero > file$i || exit; sleep 0.1; done; echo filled";

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    [Trait("Req", "EXEC-4")]
    public async Task A_disk_filler_ends_at_the_limit_in_each_kind_of_view(ViewPreference kind)
    {
        Assert.Contains("filled", await ObservationAsync(kind, diskBytes: 1L << 30), StringComparison.Ordinal);

        var ended = await ObservationAsync(kind, diskBytes: 32 << 20);

        Assert.DoesNotContain("filled", ended, StringComparison.Ordinal);
        Assert.Contains("disk", ended, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<string> ObservationAsync(ViewPreference kind, long diskBytes)
    {
        Assert.False(
            Environment.GetEnvironmentVariable(SandboxTestbed.AsUserVariable) is not null && RunUser.IsNeeded,
            "This test must run as an unprivileged user and found itself root.");
        await using var reeve = new ReeveHarness(Of(Call("shell", new { command = Filler }), Finishes()))
        {
            Change = options => options with
            {
                View = kind,
                ProfileOf = _ => SandboxProfile.Default with
                {
                    Limits = SandboxTestbed.Limits with { DiskBytes = diskBytes },
                },
            },
        };
        reeve.Write("a.txt", "a\n");
        var report = await reeve.RunAsync();

        return await reeve.WithHostAsync(async host =>
        {
            await foreach (var shown in host.EntriesAsync(report.Run, 1, TestContext.Current.CancellationToken))
            {
                if (shown.Entry.Body is ToolFinished)
                {
                    return string.Concat(shown.Texts.Values);
                }
            }

            return string.Empty;
        });
    }
}

using Reeve.Hosting;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Tests.Shared;

/// <summary>Carries on and reads runs of a harness, each time with a host of its own, as after a restart.</summary>
public static class HarnessReading
{
    public static async Task<RunReport> ContinueAsync(
        this ReeveHarness reeve, RunKey run, CancellationToken stop = default)
    {
        await using var host = await reeve.OpenAsync();
        await host.ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), stop);
        return await host.ReportAsync(run, CancellationToken.None);
    }

    public static async Task<List<ShownEntry>> EntriesAsync(this ReeveHarness reeve, RunKey run)
    {
        await using var host = await reeve.OpenAsync();
        var entries = new List<ShownEntry>();

        await foreach (var shown in host.EntriesAsync(run, 1, CancellationToken.None))
        {
            entries.Add(shown);
        }

        return entries;
    }

    /// <summary>Everything a person can be shown of a journal.</summary>
    public static async Task<string> TextsAsync(this ReeveHarness reeve, RunKey run) =>
        string.Join('\n', (await reeve.EntriesAsync(run)).SelectMany(shown => shown.Texts.Values));

    public static Task AnswerAsync(this ReeveHarness reeve, RunKey run, bool isApproved) =>
        reeve.WithHostAsync(async host =>
        {
            await host.AnswerAsync(run, null, isApproved, "", CancellationToken.None);
            return true;
        });
}

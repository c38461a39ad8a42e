using System.Runtime.Versioning;
using Reeve.Doors.Views;
using Reeve.Kernel.Views;
using Xunit;

namespace Reeve.Tests.Scenarios.Views;

/// <summary>Cuts apply and undo before each of their durable steps and looks at what a new process finds.</summary>
[SupportedOSPlatform("linux")]
[Trait("Req", "FS-3")]
public sealed class ApplyCutTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task A_cut_apply_ends_before_or_after_and_can_be_done_again(ViewPreference preference)
    {
        var stepCount = await CountStepsAsync(preference, isUndo: false);
        var afterCount = 0;

        for (var cut = 1; cut <= stepCount; cut++)
        {
            using var sample = new Sample();
            var before = sample.Fingerprint();
            var digest = await PrepareAsync(sample, preference);
            await CutAsync(
                sample,
                preference,
                cut,
                transaction => transaction.ApplyAsync(new ApplyOptions(), digest, Stop));

            using var view = await sample.OpenAsync(preference);
            var transaction = new ApplyTransaction(view);
            await transaction.RecoverAsync(Stop);

            var isAfter = File.Exists(sample.At("new/file.txt"));
            afterCount += isAfter ? 1 : 0;
            AssertBeforeOrAfter(sample, isAfter, before);
            Assert.Equal(isAfter ? 0 : 6, (await view.DiffAsync(Stop)).Count);
            Assert.Empty(await view.ConflictsAsync(Stop));
            await transaction.ApplyAsync(new ApplyOptions(), await view.DigestAsync(Stop), Stop);
            AssertApplied(sample);
            await transaction.UndoAsync(Stop);
            Assert.Equal(before, sample.Fingerprint());
        }

        Assert.InRange(stepCount, 12, 40);
        Assert.InRange(afterCount, 1, 3);
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task A_cut_undo_ends_before_or_after(ViewPreference preference)
    {
        var stepCount = await CountStepsAsync(preference, isUndo: true);

        for (var cut = 1; cut <= stepCount; cut++)
        {
            using var sample = new Sample();
            var before = sample.Fingerprint();
            var digest = await PrepareAsync(sample, preference);
            using (var applied = await sample.OpenAsync(preference))
            {
                await new ApplyTransaction(applied).ApplyAsync(new ApplyOptions(), digest, Stop);
            }

            await CutAsync(sample, preference, cut, transaction => transaction.UndoAsync(Stop));
            using var view = await sample.OpenAsync(preference);
            await new ApplyTransaction(view).RecoverAsync(Stop);

            if (File.Exists(sample.At("new/file.txt")))
            {
                AssertApplied(sample);
                await new ApplyTransaction(view).UndoAsync(Stop);
            }

            Assert.Equal(before, sample.Fingerprint());
        }
    }

    private static async Task<TreeDigest> PrepareAsync(Sample sample, ViewPreference preference)
    {
        using var view = await sample.OpenAsync(preference);
        Sample.Shell(view, """
            echo two > src/app.py; rm -r src/deep; mkdir new; echo hello > new/file.txt; ln -sfn readme.md link
            """);

        return await view.DigestAsync(Stop);
    }

    private static async Task CutAsync(
        Sample sample, ViewPreference preference, int cut, Func<ApplyTransaction, Task> act)
    {
        using var view = await sample.OpenAsync(preference);
        var transaction = new ApplyTransaction(view, new CutAt(cut));

        await Assert.ThrowsAsync<TimeoutException>(() => act(transaction));
    }

    private static async Task<int> CountStepsAsync(ViewPreference preference, bool isUndo)
    {
        using var sample = new Sample();
        var digest = await PrepareAsync(sample, preference);
        using var view = await sample.OpenAsync(preference);
        var counter = new CutAt(int.MaxValue);
        await new ApplyTransaction(view, isUndo ? null : counter).ApplyAsync(new ApplyOptions(), digest, Stop);
        if (isUndo)
        {
            await new ApplyTransaction(view, counter).UndoAsync(Stop);
        }

        return counter.Count;
    }

    private static void AssertBeforeOrAfter(Sample sample, bool isAfter, string before)
    {
        if (isAfter)
        {
            AssertApplied(sample);
            return;
        }

        Assert.Equal(before, sample.Fingerprint());
    }

    private static void AssertApplied(Sample sample)
    {
        Assert.Equal("two\n", File.ReadAllText(sample.At("src/app.py")));
        Assert.Equal("hello\n", File.ReadAllText(sample.At("new/file.txt")));
        Assert.False(Directory.Exists(sample.At("src/deep")));
        Assert.Equal("readme.md", new FileInfo(sample.At("link")).LinkTarget);
        Assert.DoesNotContain(".reeve-", sample.Fingerprint(), StringComparison.Ordinal);
    }

    private sealed class CutAt(int cut) : IApplySteps
    {
        public int Count { get; private set; }

        public void Before(ApplyStep step)
        {
            Count++;
            if (Count == cut)
            {
                throw new TimeoutException("cut");
            }
        }
    }


}

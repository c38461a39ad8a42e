using Reeve.Doors.Views;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Views;

public sealed class ApplyLedgerTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("reeve-ledger-").FullName;

    [Fact]
    public void A_run_is_stale_from_the_next_apply_of_another_until_its_own()
    {
        var ledger = new ApplyLedger(_data);
        Assert.False(IsStale("b"));

        ledger.Add("w", "a");
        Assert.True(IsStale("b"));
        Assert.False(IsStale("a"));

        ledger.Mark("w", At("c"));
        Assert.False(IsStale("c"));
        ledger.Add("w", "b");
        Assert.Equal([true, false, true], new[] { "a", "b", "c" }.Select(IsStale));
        Assert.False(ledger.IsStale("another", At("a"), "a"));

        bool IsStale(string run) => ledger.IsStale("w", At(run), run);
    }

    [Fact]
    public void Behind_by_more_than_is_read_is_stale()
    {
        var ledger = new ApplyLedger(_data);
        ledger.Add("w", new string('a', ApplyLedger.TailBytesMax));

        Assert.True(ledger.IsStale("w", At("b"), new string('a', ApplyLedger.TailBytesMax)));
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private string At(string run) => Path.Join(_data, "runs", run);
}

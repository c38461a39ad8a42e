using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Processes;

public sealed class RunUserTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("reeve-uids").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Two_live_runs_never_share_a_user()
    {
        using var first = RunUser.Lease(_directory);
        using var second = RunUser.Lease(_directory);

        Assert.NotEqual(first.Id, second.Id);
        Assert.Null(RunUser.TryLease(_directory, first.Id));
        Assert.InRange(first.Id, RunUser.First, RunUser.First + RunUser.CountMax);
    }

    [Fact]
    public void A_user_is_free_again_when_its_run_is_over()
    {
        var first = RunUser.Lease(_directory);
        first.Dispose();
        using var again = RunUser.TryLease(_directory, first.Id);

        Assert.NotNull(again);
    }

    [Fact]
    public void A_user_outside_the_range_is_never_leased()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => RunUser.TryLease(_directory, 65534));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => RunUser.TryLease(_directory, RunUser.First + RunUser.CountMax));
    }
}

using Reeve.Authority.Labels;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;
using Xunit;

namespace Reeve.Tests.Unit.Kernel.Runs;

public sealed class StandingTests
{
    [Fact]
    public void So_many_approvals_stand_in_a_run_and_no_more()
    {
        var state = RunState.Empty;

        for (var index = 0; index <= RunLimits.StandingMax; index++)
        {
            state = RunFold.Apply(state, Entry(index + 1));
        }

        Assert.Equal(RunLimits.StandingMax, state.Approved.Count);
    }

    [Theory]
    [InlineData(-1, null, false)]
    [InlineData(0, null, false)]
    [InlineData(1, null, true)]
    [InlineData(1, 1.0, true)]
    [InlineData(1, 0.0, false)]
    public void An_approval_counts_until_its_time_and_its_money_are_over(int minutes, double? dollars, bool counts)
    {
        var standing = new StandingState(
            ApprovalScope.Plan, PayloadRef.None, DateTimeOffset.UnixEpoch.AddMinutes(minutes), (decimal?)dollars);

        Assert.Equal(counts, standing.Counts(RunState.Empty with { Now = DateTimeOffset.UnixEpoch }));
    }

    private static RunEvent Entry(int sequence) => new(
        TenantId.Local, RunId.FromBytes(new byte[16]), sequence, 1, DateTimeOffset.UnixEpoch, default, 0, null, default,
        LabelId.BuiltIn, [],
        new ApprovalExtended(
            ApprovalScope.Session, PayloadRef.None, DateTimeOffset.MaxValue, null, PayloadRef.None),
        ChainHash.Genesis, ChainHash.Genesis);
}

using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Processes;

public sealed class SetupFailureTests
{
    [Theory]
    [InlineData("bwrap: setting up uid map: Permission denied", "AppArmor")]
    [InlineData("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "AppArmor")]
    [InlineData("bwrap: Creating new namespace failed: Operation not permitted", "namespaces")]
    [InlineData("bwrap: No permissions to create new namespace, likely because", "namespaces")]
    [InlineData("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "/proc")]
    [InlineData("bwrap: Unknown option --disable-userns", "older")]
    [InlineData("bwrap: something nobody has seen", "could not build")]
    public void Names_cause_and_remedy(string message, string cause)
    {
        var failure = SetupFailure.Read(message);

        Assert.Contains(cause, failure.Cause, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Remedy);
        Assert.DoesNotContain("bwrap:", failure.ToProblem("sandbox.setup_failed").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_bubblewrap_is_one_command_away() =>
        Assert.Contains("apt-get install bubblewrap", SetupFailure.MissingProgram.Remedy, StringComparison.Ordinal);
}

using Reeve.Authority;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Processes;

public sealed class SandboxLimitsTests
{
    [Fact]
    public void The_defaults_are_possible() => Assert.NotNull(SandboxLimits.Default.Checked());

    [Fact]
    public void Each_limit_is_refused_one_past_its_bound()
    {
        var limits = SandboxLimits.Default;
        SandboxLimits[] tooMuch =
        [
            limits with { WallTime = SandboxLimits.WallTimeMax + TimeSpan.FromTicks(1) },
            limits with { CpuTime = SandboxLimits.CpuTimeMax + TimeSpan.FromTicks(1) },
            limits with { MemoryBytes = SandboxLimits.MemoryBytesMax + 1 },
            limits with { Processes = SandboxLimits.ProcessesMax + 1 },
            limits with { OpenFiles = SandboxLimits.OpenFilesMax + 1 },
            limits with { FileBytes = SandboxLimits.FileBytesMax + 1 },
            limits with { DiskBytes = SandboxLimits.DiskBytesMax + 1 },
            limits with { DiskFiles = SandboxLimits.DiskFilesMax + 1 },
            limits with { TemporaryBytes = SandboxLimits.TemporaryBytesMax + 1 },
            limits with { OutputHeadBytes = SandboxLimits.OutputKeptBytesMax + 1 },
            limits with { OutputTailBytes = SandboxLimits.OutputKeptBytesMax + 1 },
            limits with { OutputBytes = SandboxLimits.OutputBytesMax + 1 },
            limits with { WallTime = TimeSpan.Zero },
            limits with { MemoryBytes = 0 },
            limits with { Processes = 0 },
        ];

        Assert.All(tooMuch, each =>
            Assert.Equal("limit.invalid", Assert.Throws<ProblemException>(each.Checked).Problem.Code));
    }

    [Fact]
    public void Another_limit_is_another_profile()
    {
        var profile = SandboxProfile.Default;

        Assert.Equal(profile.Digest, new SandboxProfile().Digest);
        Assert.NotEqual(profile.Digest, (profile with { Network = SandboxNetwork.Loopback }).Digest);
        Assert.NotEqual(
            profile.Digest, (profile with { Limits = profile.Limits with { Processes = 7 } }).Digest);
        Assert.NotEqual(
            profile.Digest, (profile with { Toolchains = [new ToolchainGrant("x", "/opt/x", "y")] }).Digest);
    }
}

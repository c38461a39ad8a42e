using Reeve.Tests.Scenarios.Toolchains;
using Reeve.Tests.Shared;
using Xunit;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Whole runs once more as a user who is not root.</summary>
public sealed class RunsOfAnOrdinaryUserTests
{
    [Fact]
    [Trait("Req", "FS-1")]
    [Trait("Req", "FS-3")]
    [Trait("Req", "FS-4")]
    public void Files_and_shell_show_one_tree_and_no_way_out_to_an_ordinary_user_too() =>
        Assert.Equal(3, OrdinaryUser.RunAgain(packages: null, "-class", typeof(FilesAndShellTests).FullName!));

    [Fact]
    [Trait("Req", "EXEC-13")]
    public void Projects_of_every_stack_are_tested_offline_for_an_ordinary_user_too() =>
        Assert.Equal(5, OrdinaryUser.RunAgain(
            OfflineProjectTests.Packages, "-class", typeof(OfflineProjectTests).FullName!));
}

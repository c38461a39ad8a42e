using Reeve.Doors.Repositories;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Repositories;

public sealed class TreeNamesTests
{
    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData(".git")]
    [InlineData(".GiT")]
    [InlineData(".git ")]
    [InlineData(".git...")]
    [InlineData(".git::$INDEX_ALLOCATION")]
    [InlineData("git~1")]
    [InlineData(".g\u200cit")]
    [InlineData("a\\.git\\hooks")]
    public void Refuses_what_some_checkout_takes_for_the_folder_of_git(string name) =>
        Assert.False(TreeNames.IsSafe(name, isLink: false));

    [Theory]
    [InlineData("a")]
    [InlineData(".gitignore")]
    [InlineData(".github")]
    [InlineData("...")]
    [InlineData("git")]
    [InlineData("a:b")]
    public void Takes_ordinary_names(string name) => Assert.True(TreeNames.IsSafe(name, isLink: false));

    [Fact]
    public void A_list_of_submodules_is_a_file_and_no_link()
    {
        Assert.True(TreeNames.IsSafe(".gitmodules", isLink: false));
        Assert.False(TreeNames.IsSafe(".gitmodules", isLink: true));
    }
}

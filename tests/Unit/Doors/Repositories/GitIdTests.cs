using Reeve.Doors.Repositories;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Repositories;

public sealed class GitIdTests
{
    private static readonly string s_rest = new('a', GitId.ShortLength - 2);

    [Fact]
    public void Reads_the_name_of_an_object_from_its_path_and_back()
    {
        var id = "0f" + s_rest;

        Assert.Equal(id, GitId.OfLoosePath(GitId.LoosePath(id)));
        Assert.Equal(id, GitId.OfLoosePath($".git/modules/sub/objects/0f/{s_rest}"));
    }

    [Theory]
    [InlineData(".git/objects/pack/x")]
    [InlineData("objects/0f")]
    [InlineData(".git/objects/0f/short")]
    public void Takes_nothing_else_for_an_object(string path) => Assert.Null(GitId.OfLoosePath(path));

    [Fact]
    public void A_name_has_exactly_so_many_small_hexadecimal_digits()
    {
        Assert.True(GitId.IsValid(new string('0', GitId.ShortLength)));
        Assert.True(GitId.IsValid(new string('f', GitId.LongLength)));
        Assert.False(GitId.IsValid(new string('0', GitId.ShortLength + 1)));
        Assert.False(GitId.IsValid(new string('F', GitId.ShortLength)));
    }
}

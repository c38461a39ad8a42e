using Reeve.Kernel.Turns;
using Xunit;

namespace Reeve.Tests.Kernel.Turns;

public sealed class FolderGuidanceTests
{
    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("./src//web/a.txt", "src src/web src/web/a.txt")]
    [InlineData("src/**/*.cs", "src")]
    [InlineData("src/../../etc", "src")]
    [InlineData("..", "")]
    [InlineData(".", "")]
    public void Folders_on_the_way_are_the_outermost_first(string path, string folders) =>
        Assert.Equal(folders, string.Join(' ', FolderGuidance.FoldersTo(path)));

    [Fact]
    public void No_deeper_than_anybody_nests()
    {
        var path = string.Join('/', Enumerable.Repeat("d", FolderGuidance.DepthMax + 1));

        Assert.Equal(FolderGuidance.DepthMax, FolderGuidance.FoldersTo(path).Count());
    }
}

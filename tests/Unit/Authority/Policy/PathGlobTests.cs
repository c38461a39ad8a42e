using Reeve.Authority;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Policy;

public sealed class PathGlobTests
{
    [Theory]
    [InlineData("**", "a/b", true)]
    [InlineData("*.cs", "a/b.cs", true)]
    [InlineData("*.cs", "a/b.css", false)]
    [InlineData("src/*.cs", "src/a.cs", true)]
    [InlineData("src/*.cs", "src/a/b.cs", false)]
    [InlineData("./src/*.cs", "src/a.cs", true)]
    [InlineData("/a", "a", true)]
    [InlineData("/a", "b/a", false)]
    [InlineData("src/**", "src/a", true)]
    [InlineData("src/**", "src/a/b/c", true)]
    [InlineData("src/**", "src", false)]
    [InlineData("src/**", "srcx/a", false)]
    [InlineData("**/x/**/y", "x/y", true)]
    [InlineData("**/x/**/y", "a/x/b/c/y", true)]
    [InlineData("**/x/**/y", "a/x/b/c/z", false)]
    [InlineData("a/**/b/**/c", "a/b/b/c/b/c", true)]
    [InlineData("{a,b/c}/d", "b/c/d", true)]
    [InlineData("{a,b/c}/d", "c/d", false)]
    [InlineData("file[0-9].txt", "file7.txt", true)]
    [InlineData("file[!0-9].txt", "file7.txt", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData(@"a\*c", "a*c", true)]
    [InlineData(@"a\*c", "abc", false)]
    [InlineData("a*b*c*d", "aXbXcX", false)]
    [InlineData("", "", false)]
    public void Matches_as_gitignore_does(string pattern, string path, bool isMatch)
    {
        if (pattern.Length == 0)
        {
            Assert.Throws<ProblemException>(() => PathGlob.Parse(pattern));
            return;
        }

        Assert.Equal(isMatch, PathGlob.Parse(pattern).IsMatch(path));
    }

    [Fact]
    public void Covers_what_is_inside_a_directory_it_names()
    {
        Assert.True(PathGlob.Parse("build/").Covers("a/build/b/c"));
        Assert.False(PathGlob.Parse("build/").Covers("a/builder/b"));
    }

    [Fact]
    public void Refuses_what_is_past_its_limits()
    {
        var most = string.Concat(Enumerable.Repeat("{a,b}", 6));

        PathGlob.Parse(most);
        PathGlob.Parse(new string('a', PathGlob.PatternCharsMax));

        Assert.Throws<ProblemException>(() => PathGlob.Parse(most + "{a,b}"));
        Assert.Throws<ProblemException>(() => PathGlob.Parse(new string('a', PathGlob.PatternCharsMax + 1)));
    }
}

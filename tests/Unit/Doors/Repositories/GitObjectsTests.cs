using Reeve.Authority;
using Reeve.Doors.Repositories;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Repositories;

public sealed class GitObjectsTests
{
    [Fact]
    public void Looks_through_so_many_packs_and_no_more()
    {
        var opened = new List<string>();
        var objects = new GitObjects(
            path =>
            {
                opened.Add(path);
                return null;
            },
            _ => Enumerable.Range(0, GitObjects.PacksMax + 1).Select(number => $"{number}.idx"));

        Assert.False(objects.Has(new string('a', GitId.ShortLength)));
        Assert.Equal(GitObjects.PacksMax, opened.Count(path => path.EndsWith(".idx", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_object_comes_back_from_what_was_written_of_it()
    {
        // `printf 'hello' | git hash-object --stdin`
        const string Id = "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0";
        using var file = new MemoryStream(new GitObject("blob", "hello"u8.ToArray()).Deflate());

        var read = GitObject.Read(file, Id);

        Assert.Equal(("blob", "hello"), (read.Kind, System.Text.Encoding.ASCII.GetString(read.Content)));
    }

    [Fact]
    public void Refuses_what_is_not_what_its_name_says()
    {
        using var file = new MemoryStream(new GitObject("blob", "hello"u8.ToArray()).Deflate());

        Assert.Equal("git.damaged", CodeOf(() => GitObject.Read(file, new string('a', GitId.ShortLength))));
        using var nothing = new MemoryStream([1, 2, 3]);
        Assert.Equal("git.damaged", CodeOf(() => GitObject.Read(nothing, new string('a', GitId.ShortLength))));
    }

    [Fact]
    public void A_small_file_that_inflates_beyond_the_limit_is_not_inflated()
    {
        using var bomb = new MemoryStream(new GitObject("blob", new byte[GitObject.ObjectBytesMax + 100]).Deflate());

        Assert.InRange(bomb.Length, 0, 1 << 20);
        Assert.Equal("git.too_large", CodeOf(() => GitObject.Read(bomb, new string('a', GitId.ShortLength))));
    }

    private static string CodeOf(Action act) => Assert.Throws<ProblemException>(act).Problem.Code;
}

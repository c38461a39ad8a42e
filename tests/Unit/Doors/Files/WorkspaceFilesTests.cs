using System.Runtime.Versioning;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Files;

[SupportedOSPlatform("linux")]
public sealed class WorkspaceFilesTests : IDisposable
{
    private static readonly Label s_label = Label.From(new SourceId("workspace"), new ReaderId("ada"));

    private readonly string _root = Directory.CreateTempSubdirectory("reeve-files-").FullName;
    private readonly WorkspaceFiles _files;

    public WorkspaceFilesTests() => _files = new WorkspaceIssuer(_root, s_label).Issue(
        canChange: true, rules: null, new FileLimits(ReadBytesMax: 100, WriteBytesMax: 10));

    [Fact]
    public async Task Replaces_a_file_whole_and_keeps_its_mode()
    {
        File.WriteAllText(At("run.sh"), "old");
        File.SetUnixFileMode(At("run.sh"), (UnixFileMode)0b111_101_000);

        await _files.WriteAsync("run.sh", "new"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("new", File.ReadAllText(At("run.sh")));
        Assert.Equal((UnixFileMode)0b111_101_000, File.GetUnixFileMode(At("run.sh")));
        Assert.Equal(["run.sh"], Directory.GetFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_reader_of_the_old_file_goes_on_reading_it()
    {
        File.WriteAllText(At("poem.txt"), "old");
        using var reader = new StreamReader(_files.OpenRead("poem.txt").Value);

        await _files.WriteAsync("poem.txt", "new"u8.ToArray(), TestContext.Current.CancellationToken);

        Assert.Equal("old", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, "file.too_large")]
    public async Task Writes_not_one_byte_past_the_limit(int length, string? code)
    {
        var refusal = await Record.ExceptionAsync(
            () => _files.WriteAsync("a/b.txt", new byte[length], TestContext.Current.CancellationToken));

        Assert.Equal(code, (refusal as ProblemException)?.Problem.Code);
        Assert.Equal(code is null, File.Exists(At("a/b.txt")));
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "file.too_large")]
    public void Reads_not_one_byte_past_the_limit(int length, string? code)
    {
        File.WriteAllBytes(At("file"), new byte[length]);

        var refusal = Record.Exception(() => _files.OpenRead("file").Value.Dispose());

        Assert.Equal(code, (refusal as ProblemException)?.Problem.Code);
    }

    [Fact]
    public void Lists_in_order_and_not_one_entry_past_the_limit()
    {
        foreach (var name in new[] { "b", "a", "C" })
        {
            File.WriteAllText(At(name), name);
        }

        File.CreateSymbolicLink(At("l"), "/etc");

        Assert.Equal(["C", "a", "b", "l"], _files.List(".", 4).Value.Select(entry => entry.Path));
        Assert.Equal(FileKind.Link, _files.List(".", 4).Value[3].Kind);
        Assert.Equal("directory.too_large", Refused(() => _files.List(".", 3)));
    }

    [Fact]
    public void Labels_whatever_it_gives()
    {
        File.WriteAllText(At("file"), "x");

        using var file = _files.OpenRead("file").Value;

        Assert.Equal(s_label, _files.OpenRead("file").Label);
        Assert.Equal(s_label, _files.Stat("file").Label);
        Assert.Equal(s_label, _files.List(".", 9).Label);
    }

    [Fact]
    public void Deletes_a_folder_with_links_and_leaves_what_they_point_at()
    {
        Directory.CreateDirectory(At("folder/inner"));
        File.WriteAllText(At("kept"), "kept");
        File.CreateSymbolicLink(At("folder/inner/link"), At("kept"));

        _files.Delete("folder");

        Assert.False(Directory.Exists(At("folder")));
        Assert.True(File.Exists(At("kept")));
    }

    [Fact]
    public async Task Changes_nothing_where_the_mandate_allows_no_change()
    {
        File.WriteAllText(At("file"), "x");
        using var reader = new WorkspaceIssuer(_root, s_label).Issue(canChange: false);

        Assert.Equal("grant.read_only", Refused(() => reader.Delete("file")));
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => reader.WriteAsync("file", default, default));
        Assert.Equal("grant.read_only", refusal.Problem.Code);
        Assert.Equal("x", File.ReadAllText(At("file")));
    }

    [Fact]
    public void Only_its_issuer_constructs_a_grant() => Assert.Empty(typeof(WorkspaceFiles).GetConstructors());

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private string At(string path) => Path.Join(_root, path);

    private static string Refused(Action act) => Assert.Throws<ProblemException>(act).Problem.Code;
}

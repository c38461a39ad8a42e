using System.Text;
using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Files;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Files;

public sealed class FileToolsTests
{
    private readonly MemoryFiles _files = new() { ["poem.txt"] = "one\ntwo\nthree\nfour\n" };

    private ToolContext Context => new(_files);

    [Fact]
    public async Task Read_returns_the_lines_asked_for_numbered_and_labelled()
    {
        var output = await new ReadFileTool().InvokeAsync(
            new { path = "poem.txt", fromLine = 2, lineCount = 2 }, Context);

        Assert.Equal("2\ttwo\n3\tthree\n[1 more lines; continue with fromLine 4]\n", output.Text);
        Assert.Equal(MemoryFiles.Label, output.Label);
        Assert.False(output.ChangedView);
    }

    [Fact]
    public async Task Read_says_when_nothing_is_there()
    {
        var output = await new ReadFileTool().InvokeAsync(
            new { path = "poem.txt", fromLine = int.MaxValue }, Context);

        Assert.Equal("[nothing there: the file has 4 lines]\n", output.Text);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, ReadFileTool.LinesMax + 1)]
    public async Task Read_refuses_a_range_it_cannot_return(int fromLine, int lineCount)
    {
        var problem = await new ReadFileTool().RefusedAsync(new { path = "poem.txt", fromLine, lineCount }, Context);

        Assert.Equal("argument.invalid", problem.Code);
    }

    [Theory]
    [InlineData(FileText.ReadBytesMax, "file.not_text")]
    [InlineData(FileText.ReadBytesMax + 1, "file.too_large")]
    public async Task Read_refuses_a_file_one_byte_past_the_limit(int length, string code)
    {
        _files.Add("zeros.bin", new byte[length]);

        Assert.Equal(code, (await new ReadFileTool().RefusedAsync(new { path = "zeros.bin" }, Context)).Code);
    }

    [Fact]
    public async Task Read_cuts_a_line_nobody_reads_and_never_inside_a_character()
    {
        _files["long.txt"] = new string('é', ReadFileTool.LineCharsMax);

        var output = await new ReadFileTool().InvokeAsync(new { path = "long.txt" }, Context);

        Assert.DoesNotContain('\uFFFD', output.Text);
        Assert.Contains("[… 2000 bytes more]", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_stops_at_its_most_and_says_where_to_go_on()
    {
        _files["wide.txt"] = string.Concat(Enumerable.Repeat(new string('x', 1_000) + "\n", 200));

        var output = await new ReadFileTool().InvokeAsync(new { path = "wide.txt" }, Context);

        Assert.InRange(output.Text.Length, ReadFileTool.OutputCharsMax, ReadFileTool.OutputCharsMax + 3_000);
        Assert.EndsWith("more lines; continue with fromLine 121]\n", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_replaces_the_whole_file()
    {
        var output = await new WriteFileTool().InvokeAsync(new { path = "a/new.txt", content = "é" }, Context);

        Assert.Equal("é", _files["a/new.txt"]);
        Assert.Equal("Wrote 2 bytes.", output.Text);
        Assert.True(output.ChangedView);
    }

    [Fact]
    public async Task Write_refuses_one_byte_past_the_limit()
    {
        var most = new string('x', FileText.WriteBytesMax);

        await new WriteFileTool().InvokeAsync(new { path = "most.txt", content = most }, Context);
        var problem = await new WriteFileTool().RefusedAsync(new { path = "more.txt", content = most + "x" }, Context);

        Assert.Equal("file.too_large", problem.Code);
        Assert.DoesNotContain("more.txt", _files.Paths);
    }

    [Fact]
    public async Task Delete_removes_the_file()
    {
        var output = await new DeleteFileTool().InvokeAsync(new { path = "poem.txt" }, Context);

        Assert.Empty(_files.Paths);
        Assert.True(output.ChangedView);
    }

    [Fact]
    public async Task Edit_replaces_the_one_occurrence_and_says_where()
    {
        var output = await new EditFileTool().InvokeAsync(
            new { path = "poem.txt", oldText = "two\nthree", newText = "2\n3" }, Context);

        Assert.Equal("one\n2\n3\nfour\n", _files["poem.txt"]);
        Assert.Equal("Replaced 1 occurrence at line 2.", output.Text);
        Assert.Equal(MemoryFiles.Label, output.Label);
        Assert.True(output.ChangedView);
    }

    [Theory]
    [InlineData("five", "edit.not_found", "0 times")]
    [InlineData("o", "edit.ambiguous", "3 times")]
    public async Task Edit_refuses_what_is_not_unique_and_says_how_often_it_is_there(
        string oldText, string code, string count)
    {
        var problem = await new EditFileTool().RefusedAsync(
            new { path = "poem.txt", oldText, newText = "x" }, Context);

        Assert.Equal(code, problem.Code);
        Assert.Contains(count, problem.Message, StringComparison.Ordinal);
        Assert.Equal("one\ntwo\nthree\nfour\n", _files["poem.txt"]);
    }

    [Fact]
    public async Task Edit_replaces_all_when_told_to()
    {
        await new EditFileTool().InvokeAsync(
            new { path = "poem.txt", oldText = "o", newText = "00", replaceAll = true }, Context);

        Assert.Equal("00ne\ntw00\nthree\nf00ur\n", _files["poem.txt"]);
    }

    [Fact]
    public async Task Edit_keeps_the_line_ends_and_every_other_byte_of_the_file()
    {
        byte[] content = [0xFF, 0xFE, .. "a\r\nb\r\nc"u8];
        _files.Add("odd.bin", content);

        await new EditFileTool().InvokeAsync(new { path = "odd.bin", oldText = "a\nb", newText = "x\ny" }, Context);

        using var read = new MemoryStream();
        await _files.OpenRead("odd.bin").Value.CopyToAsync(read, TestContext.Current.CancellationToken);
        Assert.Equal([0xFF, 0xFE, .. "x\r\ny\r\nc"u8], read.ToArray());
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("one", "one")]
    public async Task Edit_refuses_an_edit_that_means_nothing(string oldText, string newText)
    {
        var problem = await new EditFileTool().RefusedAsync(new { path = "poem.txt", oldText, newText }, Context);

        Assert.Equal("argument.invalid", problem.Code);
    }

    [Fact]
    public async Task Edit_refuses_to_make_a_file_past_the_limit()
    {
        _files["many.txt"] = new string('x', 1_025);
        var newText = Encoding.UTF8.GetString(new byte[10 * 1_024]);

        var problem = await new EditFileTool().RefusedAsync(
            new { path = "many.txt", oldText = "x", newText, replaceAll = true }, Context);

        Assert.Equal("file.too_large", problem.Code);
    }
}

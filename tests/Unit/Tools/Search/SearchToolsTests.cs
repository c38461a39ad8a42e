using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Search;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Search;

public sealed class SearchToolsTests
{
    private readonly MemoryFiles _files = new()
    {
        [".git/config"] = "needle",
        [".gitignore"] = "*.log\n!keep.log\n/out/\n",
        ["README.md"] = "A Needle\nno\n",
        ["a/keep.log"] = "needle",
        ["a/trace.log"] = "needle",
        ["node_modules/x/index.js"] = "needle",
        ["out/build.txt"] = "needle",
        ["src/deep/one.cs"] = "// needle\n",
        ["src/two.cs"] = "x\nneedle needle\n",
    };

    private ToolContext Context => new(_files);

    [Fact]
    public async Task Grep_finds_lines_and_leaves_out_what_is_ignored()
    {
        var output = await new GrepTool().InvokeAsync(new { pattern = "needle" }, Context);

        Assert.Equal(
            "a/keep.log:1:needle\nsrc/deep/one.cs:1:// needle\nsrc/two.cs:2:needle needle\n", output.Text);
        Assert.Equal(MemoryFiles.Label, output.Label);
    }

    [Fact]
    public async Task Grep_looks_where_it_is_told()
    {
        var output = await new GrepTool().InvokeAsync(
            new { pattern = "NEEDLE$", caseSensitive = false, include = "*.{cs,md}" }, Context);
        var below = await new GrepTool().InvokeAsync(
            new { pattern = "needle", path = "src", include = "*.cs" }, Context);
        var file = await new GrepTool().InvokeAsync(new { pattern = "x", path = "src/two.cs" }, Context);

        Assert.Equal("README.md:1:A Needle\nsrc/deep/one.cs:1:// needle\nsrc/two.cs:2:needle needle\n", output.Text);
        Assert.Equal("src/deep/one.cs:1:// needle\nsrc/two.cs:2:needle needle\n", below.Text);
        Assert.Equal("src/two.cs:1:x\n", file.Text);
    }

    [Fact]
    public async Task Grep_searches_ignored_files_when_told_to_but_never_git()
    {
        var output = await new GrepTool().InvokeAsync(new { pattern = "needle", includeIgnored = true }, Context);

        Assert.Contains("node_modules/x/index.js:1:needle", output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(".git/", output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Grep_returns_no_more_than_asked_and_says_so()
    {
        var output = await new GrepTool().InvokeAsync(new { pattern = "needle", maxResults = 1 }, Context);

        Assert.Equal(
            "a/keep.log:1:needle\n[cut after 1 lines; narrow the pattern or the path]\n", output.Text);
    }

    [Fact]
    public async Task Grep_skips_binary_and_large_files_and_counts_what_a_rule_denies()
    {
        _files.Add("binary", [.. "needle"u8, 0]);
        _files.Add("large.txt", new byte[GrepTool.FileBytesMax + 1]);
        _files.Deny("src/two.cs");

        var output = await new GrepTool().InvokeAsync(new { pattern = "needle" }, Context);

        Assert.Equal(
            "a/keep.log:1:needle\nsrc/deep/one.cs:1:// needle\n"
                + "[1 files above 4194304 bytes were not searched]\n[1 entries could not be read]\n",
            output.Text);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?=x)")]
    [InlineData(@"(a)\1")]
    [InlineData("")]
    public async Task Grep_refuses_a_pattern_it_cannot_run_in_linear_time(string pattern)
    {
        var problem = await new GrepTool().RefusedAsync(new { pattern }, Context);

        Assert.Equal("argument.invalid", problem.Code);
    }

    [Fact]
    public async Task Grep_runs_a_pattern_that_would_hang_a_backtracking_engine()
    {
        _files["evil.txt"] = new string('a', 60_000) + "!";

        var output = await new GrepTool().InvokeAsync(new { pattern = "^(a+)+$", path = "evil.txt" }, Context);

        Assert.Equal("[no line matches]\n", output.Text);
    }

    [Fact]
    public async Task Glob_finds_paths_by_pattern()
    {
        var all = await new GlobTool().InvokeAsync(new { pattern = "*.cs" }, Context);
        var direct = await new GlobTool().InvokeAsync(new { pattern = "src/*.cs" }, Context);
        var none = await new GlobTool().InvokeAsync(new { pattern = "*.rs" }, Context);
        var cut = await new GlobTool().InvokeAsync(new { pattern = "**", maxResults = 1 }, Context);

        Assert.Equal("src/deep/one.cs\nsrc/two.cs\n", all.Text);
        Assert.Equal("src/two.cs\n", direct.Text);
        Assert.Equal("[no file matches]\n", none.Text);
        Assert.Equal(".gitignore\n[cut after 1 paths]\n", cut.Text);
    }

    [Fact]
    public async Task Tree_shows_levels_and_sizes()
    {
        var output = await new TreeTool().InvokeAsync(new { depth = 2 }, Context);

        Assert.Equal(
            ".gitignore 22\nREADME.md 12\na/\n  keep.log 6\nsrc/\n  deep/\n  two.cs 16\n", output.Text);
    }

    [Fact]
    public async Task Grep_is_cut_one_past_its_most()
    {
        var (most, more) = (GrepTool.ResultsMax, GrepTool.ResultsMax + 1);
        _files["most.txt"] = string.Concat(Enumerable.Repeat("needle\n", most));
        _files["more.txt"] = string.Concat(Enumerable.Repeat("needle\n", more));

        var all = await new GrepTool().InvokeAsync(
            new { pattern = "needle", path = "most.txt", maxResults = most }, Context);
        var cut = await new GrepTool().InvokeAsync(
            new { pattern = "needle", path = "more.txt", maxResults = most }, Context);
        var problem = await new GrepTool().RefusedAsync(new { pattern = "needle", maxResults = more }, Context);

        Assert.EndsWith($"most.txt:{most}:needle\n", all.Text, StringComparison.Ordinal);
        Assert.Contains($"more.txt:{most}:needle\n[cut after {most} ", cut.Text, StringComparison.Ordinal);
        Assert.Equal("argument.invalid", problem.Code);
    }

    [Fact]
    public async Task Glob_is_cut_one_past_its_most()
    {
        for (var number = 0; number < GlobTool.ResultsMax; number++)
        {
            _files[$"many/{number:0000}"] = "x";
        }

        var arguments = new { pattern = "many/*", maxResults = GlobTool.ResultsMax };
        var all = await new GlobTool().InvokeAsync(arguments, Context);
        _files["many/one-more"] = "x";
        var cut = await new GlobTool().InvokeAsync(arguments, Context);
        var problem = await new GlobTool().RefusedAsync(arguments with { maxResults = 1_001 }, Context);

        Assert.EndsWith("many/0999\n", all.Text, StringComparison.Ordinal);
        Assert.Equal($"{all.Text}[cut after {GlobTool.ResultsMax} paths]\n", cut.Text);
        Assert.Equal("argument.invalid", problem.Code);
    }

    [Fact]
    public async Task Tree_is_cut_one_past_its_most()
    {
        for (var number = 0; number < TreeTool.EntriesMax; number++)
        {
            _files[$"many/{number:0000}"] = "x";
        }

        var output = await new TreeTool().InvokeAsync(new { path = "many" }, Context);
        _files["many/one-more"] = "x";
        var more = await new TreeTool().InvokeAsync(new { path = "many" }, Context);

        Assert.DoesNotContain("cut", output.Text, StringComparison.Ordinal);
        Assert.EndsWith("[cut after 1000 entries; list a directory below]\n", more.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_walk_is_cut_one_past_its_most()
    {
        var files = new MemoryFiles();

        for (var number = 0; number <= WorkspaceWalk.EntriesMax; number++)
        {
            files.Add($"{number / 40_000}/{number}", []);
        }

        var output = await new GlobTool().InvokeAsync(new { pattern = "*.none" }, new ToolContext(files));

        Assert.Equal("[no file matches]\n[cut after 200000 entries]\n", output.Text);
    }
}

using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Symbols;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Symbols;

public sealed class SymbolsToolTests
{
    [Fact]
    public async Task One_declaration_past_the_most_is_left_out_and_said()
    {
        var exactly = await LinesAsync(SymbolsTool.ResultsMax);
        var oneMore = await LinesAsync(SymbolsTool.ResultsMax + 1);

        Assert.Equal(SymbolsTool.ResultsMax, exactly.Count);
        Assert.Equal(exactly, oneMore.SkipLast(1));
        Assert.StartsWith($"[cut after {SymbolsTool.ResultsMax} lines", oneMore[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_lines_than_the_most_are_not_given_out_at_once()
    {
        var problem = await new SymbolsTool().RefusedAsync(
            new { maxResults = SymbolsTool.ResultsMax + 1 }, new ToolContext(new MemoryFiles()));

        Assert.Equal("argument.invalid", problem.Code);
        Assert.Contains($"{SymbolsTool.ResultsMax}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_longest_name_is_looked_for_and_a_longer_one_refused()
    {
        var name = new string('a', SymbolsTool.NameCharsMax);
        var context = new ToolContext(new MemoryFiles { ["a.py"] = $"def {name}(): pass\n" });

        var output = await new SymbolsTool().InvokeAsync(new { name }, context);
        var problem = await new SymbolsTool().RefusedAsync(new { name = name + "a" }, context);

        Assert.Equal($"a.py:1:function:{name}\n", output.Text);
        Assert.Equal("argument.invalid", problem.Code);
        Assert.Contains($"{SymbolsTool.NameCharsMax}", problem.Message, StringComparison.Ordinal);
    }

    private static async Task<List<string>> LinesAsync(int functions)
    {
        var text = string.Concat(Enumerable.Range(0, functions).Select(number => $"def f{number}(): pass\n"));
        var output = await new SymbolsTool().InvokeAsync(
            new { maxResults = SymbolsTool.ResultsMax }, new ToolContext(new MemoryFiles { ["a.py"] = text }));

        return [.. output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }
}

using System.Text.RegularExpressions;
using Reeve.Tests.Scenarios.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Docs;

/// <summary>Runs every example of the README and the guide: what stands in a <c>console</c> block works.</summary>
/// <remarks>
/// Lines that begin with <c>$ </c> are typed one after another, in a folder with a fault to mend, in a shell that has
/// <c>reeve</c> on its path. A line that ends in <c># exit N</c> must end so; every other one in 0. A block whose page
/// says <c>not run:</c> just above it, with a reason, is left out.
/// </remarks>
public sealed class ExampleTests
{
    private static readonly Regex s_block = new(
        @"(?<why><!-- not run: [^\n]+ -->\n)?```(?<kind>console|sh|bash)\n(?<text>[^`]*)```", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);
    private static readonly Regex s_exit = new(@"# exit (\d+)$", RegexOptions.NonBacktracking);

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Path.Combine(Repository, "docs", "guide"), "*.md")
            .Append(Path.Combine(Repository, "README.md"))
            .Select(path => Path.GetRelativePath(Repository, path))
            .Order(StringComparer.Ordinal)];

    internal static string Repository { get; } = FindRepository();

    [Theory]
    [MemberData(nameof(Pages))]
    [Trait("Req", "CLI-2")]
    public async Task Every_example_of_a_page_works_as_it_stands(string page)
    {
        var text = await File.ReadAllTextAsync(
            Path.Combine(Repository, page), TestContext.Current.CancellationToken);
        var blocks = s_block.Matches(text).ToList();
        using var reeve = Folder();

        foreach (var block in blocks.Where(block => block.Groups["why"].Length == 0))
        {
            Assert.True(block.Groups["kind"].Value == "console", $"{page}: make the block a console block, or say why it is not run");

            foreach (var line in block.Groups["text"].Value.Split('\n').Where(line => line.StartsWith("$ ", StringComparison.Ordinal)))
            {
                var ended = await reeve.RunProgramAsync("bash", "-c", line[2..]);
                var expected = s_exit.Match(line) is { Success: true } exit ? int.Parse(exit.Groups[1].ValueSpan) : 0;
                Assert.True(expected == ended.ExitCode, $"{page}: {line}\n{ended.ExitCode}: {ended.All}");
            }
        }
    }

    private static CommandProcess Folder()
    {
        var reeve = new CommandProcess();
        var programs = Path.GetDirectoryName(CommandProcess.Program);
        reeve.Environment["PATH"] = $"{programs}:{reeve.Environment["PATH"]}";
        reeve.Write("calc.py", "def add(a, b):\n    return a - b\n");
        reeve.Write("test_calc.py", "import unittest\nfrom calc import add\n\n\nclass CalcTests(unittest.TestCase):\n"
            + "    def test_adds(self):\n        self.assertEqual(3, add(1, 2))\n");

        // The examples name no model, as most users name theirs once.
        var script = Path.Combine(reeve.Root, "script.json");
        File.WriteAllText(script, Of(
            Call("edit", new { path = "calc.py", oldText = "a - b", newText = "a + b" }), Finishes("Mended."),
            Says("It subtracted."), Says("It is not."), Says("With two numbers."), Says("As before.")));
        reeve.Environment["REEVE_MODEL"] = $"scripted/{script}";
        return reeve;
    }

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(folder, "Reeve.slnx")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }
}

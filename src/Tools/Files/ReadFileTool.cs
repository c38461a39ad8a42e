using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Files;

/// <summary>Lets an agent read part of a text file in its workspace.</summary>
/// <remarks>
/// The tool holds no authority of its own: it opens only what the <see cref="IWorkspaceFiles"/> grant in its
/// context opens for it, and what it says back carries the label that came with the file.
/// </remarks>
public sealed class ReadFileTool() : Tool<ReadFileTool.Arguments>(ToolShapes.Default)
{
    public const int LinesMax = 2_000;
    public const int LineCharsMax = 2_000;
    public const int OutputCharsMax = 120_000;

    public sealed record Arguments(
        [property: Description("Path of the file, relative to the workspace.")] string Path,
        [property: Description("First line to return; the first line of a file is 1.")] int FromLine = 1,
        [property: Description("How many lines to return, 1 to 2000.")] int LineCount = 400);

    public override ToolSpec Spec { get; } = new(
        Name: "read",
        Summary: "Reads lines of a text file in the workspace. Each line is returned as its number, a tab and "
            + "the text. Read a file before you edit it.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(arguments.FromLine >= 1, "argument.invalid", "fromLine counts from 1.");
        Problem.ThrowUnless(
            arguments.LineCount is >= 1 and <= LinesMax,
            "argument.invalid",
            $"lineCount is 1 to {LinesMax}.");

        var file = await FileText.ReadAsync(
            context.Grant<IWorkspaceFiles>(), arguments.Path, cancellationToken);
        FileText.ThrowIfBinary(file.Value.Span);

        return new ToolOutput(NumberLines(file.Value.Span, arguments), file.Label);
    }

    private static string NumberLines(ReadOnlySpan<byte> content, Arguments arguments)
    {
        var page = new StringBuilder();
        var number = 0;
        var lines = new LineReader(content);
        var last = (long)arguments.FromLine + arguments.LineCount - 1;

        while (number < last && page.Length <= OutputCharsMax && lines.MoveNext())
        {
            number++;

            if (number >= arguments.FromLine)
            {
                page.Append(number).Append('\t').Append(FileText.Shorten(lines.Current, LineCharsMax)).Append('\n');
            }
        }

        var left = lines.CountRest();
        number += left;

        if (left > 0)
        {
            page.Append($"[{left} more lines; continue with fromLine {number - left + 1}]\n");
        }
        else if (page.Length == 0)
        {
            page.Append($"[nothing there: the file has {number} lines]\n");
        }

        return page.ToString();
    }
}

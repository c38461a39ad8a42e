using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Files;

/// <summary>Lets an agent put text of its own in place of a range of lines, between what stands before and
/// after.</summary>
/// <remarks>
/// Line numbers grow stale with each edit, so the first and the last line of the range must be what the agent
/// believes they are, and each line between them too where it says what it expects. Bytes outside the range stay as
/// they were, and the file keeps its line ends.
/// </remarks>
public sealed class FimEditTool() : Tool<FimEditTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("Path of the file, relative to the workspace.")] string Path,
        [property: Description("First line of the range; the first line of a file is 1.")] int FromLine,
        [property: Description("Last line of the range; fromLine - 1 to insert before fromLine.")] int ToLine,
        [property: Description("The text of line fromLine as it stands there; to insert, of the line before; "
            + "empty at the beginning of the file.")]
        string FirstLine,
        [property: Description("The text of line toLine as it stands there; to insert, of line fromLine; empty at "
            + "the end of the file.")]
        string LastLine,
        [property: Description("The lines to put in its place; empty to delete the range.")] string NewText,
        [property: Description("All lines of the range as you know them, to be refused when any of them has changed "
            + "since; empty to compare the first and the last line only.")]
        string Expected = "");

    public override ToolSpec Spec { get; } = new(
        Name: "fim_edit",
        Summary: "Replaces a range of lines of a file, or inserts between two lines. The first and last line must "
            + "match what is in the file now, so read it first; with expected every line of the range must.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
    [
        new Effect(EffectKind.ReadFile, arguments.Path),
        new Effect(EffectKind.WriteFile, arguments.Path),
    ];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var (from, to) = (arguments.FromLine, arguments.ToLine);
        Problem.ThrowUnless(
            from >= 1 && to >= from - 1,
            "argument.invalid",
            "fromLine counts from 1, toLine is at least fromLine - 1.");

        var files = context.Grant<IWorkspaceFiles>();
        var read = await FileText.ReadAsync(files, arguments.Path, cancellationToken);
        var content = read.Value;
        FileText.ThrowIfBinary(content.Span);
        var starts = LineStarts(content.Span);
        var lines = starts.Count - 1;
        Problem.ThrowUnless(
            from <= lines + 1 && to <= lines,
            "edit.stale",
            $"The file has {lines} lines, so the range is not there. Read it again.");

        var isInsert = to == from - 1;
        ThrowUnlessLine(content.Span, starts, isInsert ? from - 1 : from, arguments.FirstLine, "firstLine");
        ThrowUnlessLine(content.Span, starts, isInsert ? from : to, arguments.LastLine, "lastLine");
        ThrowUnlessExpected(content.Span, starts, from, to, arguments.Expected);

        var edited = Replace(content.Span, starts[from - 1], starts[to], arguments.NewText);
        Problem.ThrowUnless(
            edited.Length <= FileText.WriteBytesMax,
            "file.too_large",
            $"The edited file would have {edited.Length} bytes; at most {FileText.WriteBytesMax} are written.");
        await files.WriteAsync(arguments.Path, edited, cancellationToken);

        return new ToolOutput(
            isInsert ? $"Inserted before line {from}." : $"Replaced lines {from} to {to}.", read.Label,
            ChangedView: true);
    }

    /// <summary>Where each line begins, and behind the last one the end of the file.</summary>
    private static List<int> LineStarts(ReadOnlySpan<byte> content)
    {
        var starts = new List<int> { 0 };

        for (var at = 0; at < content.Length; at++)
        {
            if (content[at] == '\n')
            {
                starts.Add(at + 1);
            }
        }

        if (starts[^1] != content.Length)
        {
            starts.Add(content.Length);
        }

        return starts;
    }

    private static void ThrowUnlessLine(
        ReadOnlySpan<byte> content, List<int> starts, int line, string expected, string argument)
    {
        var isThere = line >= 1 && line < starts.Count;

        Problem.ThrowUnless(
            IsLine(content, starts, line, expected),
            "edit.stale",
            isThere
                ? $"{argument} is not what stands in line {line} now. Read the file again."
                : $"There is no line {line}, so {argument} must be empty.");
    }

    private static void ThrowUnlessExpected(
        ReadOnlySpan<byte> content, List<int> starts, int from, int to, string expected)
    {
        if (expected.Length == 0)
        {
            return;
        }

        Problem.ThrowUnless(
            to >= from, "argument.invalid", "expected is of the lines that are replaced; an insertion has none.");
        var lines = expected.ReplaceLineEndings("\n").Split('\n');
        lines = lines.Length == to - from + 2 && lines[^1].Length == 0 ? lines[..^1] : lines;
        Problem.ThrowUnless(
            lines.Length == to - from + 1,
            "edit.stale",
            $"expected has {lines.Length} lines, but the range has {to - from + 1}. Read the file again.");

        for (var line = from; line <= to; line++)
        {
            Problem.ThrowUnless(
                IsLine(content, starts, line, lines[line - from]),
                "edit.stale",
                $"Line {line} is not what you expect it to be. Read the file again.");
        }
    }

    // White space at the end of a line is what nobody sees and models lose.
    private static bool IsLine(ReadOnlySpan<byte> content, List<int> starts, int line, string expected)
    {
        var isThere = line >= 1 && line < starts.Count;
        var text = isThere ? Encoding.UTF8.GetString(content[starts[line - 1]..starts[line]]) : "";
        text = line == 1 ? text.TrimStart('\uFEFF') : text;

        return text.TrimEnd('\n', '\r', ' ', '\t') == expected.TrimEnd('\n', '\r', ' ', '\t');
    }

    private static byte[] Replace(ReadOnlySpan<byte> content, int from, int to, string newText)
    {
        var ending = content.IndexOf("\r\n"u8) >= 0 ? "\r\n" : "\n";
        var text = newText.ReplaceLineEndings(ending);
        var before = content[..from];

        // A line that had no end gets one when something comes behind it, and what has something behind it ends.
        var gap = text.Length > 0 && before.Length > 0 && before[^1] != '\n' ? ending : "";
        var end = text.Length > 0 && !text.EndsWith('\n') && (to < content.Length || HasEnd(content)) ? ending : "";

        return [.. before, .. Encoding.UTF8.GetBytes(gap + text + end), .. content[to..]];
    }

    private static bool HasEnd(ReadOnlySpan<byte> content) => content.Length == 0 || content[^1] == (byte)'\n';
}

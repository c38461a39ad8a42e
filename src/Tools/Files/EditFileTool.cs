using System.Buffers;
using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Files;

/// <summary>Lets an agent replace a passage of a file that occurs exactly once, or everywhere if it says so.</summary>
/// <remarks>
/// Works on the bytes of the file, so that what is not edited stays as it was, valid text or not. In a file with
/// CRLF line ends a passage given with LF is found and replaced with CRLF.
/// </remarks>
public sealed class EditFileTool() : Tool<EditFileTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("Path of the file, relative to the workspace.")] string Path,
        [property: Description("The text to replace, exactly as it stands in the file, without line numbers.")]
        string OldText,
        [property: Description("The text to put in its place.")] string NewText,
        [property: Description("Replace every occurrence instead of requiring exactly one.")]
        bool ReplaceAll = false);

    public override ToolSpec Spec { get; } = new(
        Name: "edit",
        Summary: "Replaces text in a file of the workspace. oldText must occur exactly once, so give enough "
            + "lines around it, or set replaceAll.",
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
        Problem.ThrowUnless(arguments.OldText.Length > 0, "argument.invalid", "oldText cannot be empty.");
        Problem.ThrowUnless(
            !string.Equals(arguments.OldText, arguments.NewText, StringComparison.Ordinal),
            "argument.invalid",
            "oldText and newText are the same.");

        var files = context.Grant<IWorkspaceFiles>();
        var read = await FileText.ReadAsync(files, arguments.Path, cancellationToken);
        var content = read.Value;
        var (oldText, newText) = Fit(content.Span, arguments.OldText, arguments.NewText);
        var places = Find(content.Span, oldText);
        ThrowUnlessClear(places.Count, arguments.ReplaceAll);

        var edited = Replace(content.Span, oldText, newText, places);
        await files.WriteAsync(arguments.Path, edited, cancellationToken);

        var line = content.Span[..places[0]].Count((byte)'\n') + 1;
        var what = places.Count == 1 ? "Replaced 1 occurrence" : $"Replaced {places.Count} occurrences, the first";

        return new ToolOutput($"{what} at line {line}.", read.Label, ChangedView: true);
    }

    private static void ThrowUnlessClear(int count, bool replaceAll)
    {
        Problem.ThrowUnless(
            count > 0,
            "edit.not_found",
            "oldText occurs 0 times in the file. Read the file again and copy the text exactly, with its spaces.");
        Problem.ThrowUnless(
            count == 1 || replaceAll,
            "edit.ambiguous",
            $"oldText occurs {count} times in the file. Give more of the lines around it, or set replaceAll.");
    }

    private static (byte[] OldText, byte[] NewText) Fit(
        ReadOnlySpan<byte> content, string oldText, string newText)
    {
        var exact = Encoding.UTF8.GetBytes(oldText);
        var isOtherLineEnd = content.IndexOf(exact) < 0
            && content.IndexOf("\r\n"u8) >= 0
            && oldText.Contains('\n', StringComparison.Ordinal)
            && !oldText.Contains('\r', StringComparison.Ordinal);

        return isOtherLineEnd
            ? (WithCarriageReturns(oldText), WithCarriageReturns(newText))
            : (exact, Encoding.UTF8.GetBytes(newText));
    }

    private static byte[] WithCarriageReturns(string text) =>
        Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"));

    private static List<int> Find(ReadOnlySpan<byte> content, ReadOnlySpan<byte> oldText)
    {
        var places = new List<int>();

        for (var at = 0; content[at..].IndexOf(oldText) is var found and >= 0; at += found + oldText.Length)
        {
            places.Add(at + found);
        }

        return places;
    }

    private static ReadOnlyMemory<byte> Replace(
        ReadOnlySpan<byte> content, ReadOnlySpan<byte> oldText, ReadOnlySpan<byte> newText, List<int> places)
    {
        var length = content.Length + ((long)places.Count * (newText.Length - oldText.Length));
        Problem.ThrowUnless(
            length <= FileText.WriteBytesMax,
            "file.too_large",
            $"The edited file would have {length} bytes; at most {FileText.WriteBytesMax} are written.");

        var edited = new ArrayBufferWriter<byte>((int)Math.Max(1, length));
        var at = 0;

        foreach (var place in places)
        {
            edited.Write(content[at..place]);
            edited.Write(newText);
            at = place + oldText.Length;
        }

        edited.Write(content[at..]);

        return edited.WrittenMemory;
    }
}

using System.CommandLine;

namespace Reeve.Cli.Commands;

/// <summary>Takes secrets out of what is piped through it.</summary>
internal sealed class RedactCommand : ReeveCommand
{
    /// <summary>Text is redacted in pieces that end at a line end, so that a secret of several lines is still seen.</summary>
    public const int PieceLengthMax = 1 << 20, OverlapLengthMax = 1 << 16;

    public RedactCommand(World world)
        : base("redact", "Take secrets out of standard input, to standard output.", world)
    {
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var redactor = World.Tools.Redactor;
        var buffer = new char[PieceLengthMax];
        var kept = 0;

        while (true)
        {
            var read = await World.Terminal.ReadBlockAsync(buffer.AsMemory(kept), stop);
            var length = kept + read;
            var isEnd = length < buffer.Length;
            var cut = isEnd ? length : CutOf(buffer.AsSpan(0, length));
            World.Terminal.OutVerbatim(redactor.Redact(new string(buffer, 0, cut)));

            if (isEnd)
            {
                World.Terminal.Flush();
                return ExitCode.Ok;
            }

            kept = length - cut;
            buffer.AsSpan(cut, kept).CopyTo(buffer);
        }
    }

    /// <summary>At an empty line where there is one near the end, else at a line end: keys are written in blocks.</summary>
    private static int CutOf(ReadOnlySpan<char> text)
    {
        var near = text[^OverlapLengthMax..];
        var block = near.LastIndexOf("\n\n", StringComparison.Ordinal);
        var line = near.LastIndexOf('\n');
        var at = block >= 0 ? block : line;
        return at >= 0 ? text.Length - OverlapLengthMax + at + 1 : text.Length;
    }
}

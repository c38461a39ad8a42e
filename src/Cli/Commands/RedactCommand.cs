using System.Buffers;
using System.CommandLine;

namespace Reeve.Cli.Commands;

/// <summary>Takes secrets out of what is piped through it, wherever it comes in pieces and without end.</summary>
internal sealed class RedactCommand : ReeveCommand
{
    private const int PieceBytes = 64 * 1024;

    public RedactCommand(World world)
        : base("redact", "Take secrets out of standard input, to standard output.", world)
    {
    }

    protected override async Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var stream = World.Tools.RedactStream();
        var piece = new byte[PieceBytes];
        var clean = new ArrayBufferWriter<byte>();

        while (await World.Terminal.ReadBytesAsync(piece, stop) is > 0 and var read)
        {
            stream.Push(piece.AsSpan(0, read), clean);
            GiveOut(clean);
        }

        stream.Flush(clean);
        GiveOut(clean);
        World.Terminal.Flush();
        return ExitCode.Ok;
    }

    private void GiveOut(ArrayBufferWriter<byte> clean)
    {
        World.Terminal.OutBytes(clean.WrittenSpan, isError: false);
        clean.ResetWrittenCount();
    }
}

using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Tools.Files;

/// <summary>How the tools of this slice read a file: whole, bounded, and never past what was measured.</summary>
internal static class FileText
{
    public const int ReadBytesMax = 50 * 1024 * 1024;
    public const int WriteBytesMax = 10 * 1024 * 1024;

    /// <summary>The bytes of a file without a byte order mark.</summary>
    public static async Task<Labeled<ReadOnlyMemory<byte>>> ReadAsync(
        IWorkspaceFiles files, string path, CancellationToken cancellationToken, int bytesMax = ReadBytesMax)
    {
        var opened = files.OpenRead(path);
        await using var file = opened.Value;
        var length = file.Length;
        Problem.ThrowUnless(
            length <= bytesMax,
            "file.too_large",
            $"The file has {length} bytes and {bytesMax} is the most; use the shell for a part of it.");

        // Measured on the open file, and no byte more is read than was measured: neither a name that comes to
        // mean another file nor a file that keeps growing can slip past the limit.
        var content = GC.AllocateUninitializedArray<byte>((int)length);
        var count = Fill(file, content, cancellationToken);

        return new Labeled<ReadOnlyMemory<byte>>(content.AsMemory(0, count), opened.Label);
    }

    // The system has no reads of files that do not block: an asynchronous one only blocks another thread.
    private static int Fill(Stream file, Span<byte> content, CancellationToken cancellationToken)
    {
        const int PieceBytes = 1 << 20;

        var count = 0;

        while (count < content.Length)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = file.Read(content.Slice(count, Math.Min(PieceBytes, content.Length - count)));

            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return count;
    }

    public static void ThrowIfBinary(ReadOnlySpan<byte> content) =>
        Problem.ThrowUnless(!content.Contains((byte)0), "file.not_text", "The file is not text.");

    /// <summary>One line as text, cut where it is longer than anyone reads.</summary>
    public static string Shorten(ReadOnlySpan<byte> line, int charsMax)
    {
        var mark = "\uFEFF"u8;
        line = line.StartsWith(mark) ? line[mark.Length..] : line;

        if (line.Length <= charsMax)
        {
            return Encoding.UTF8.GetString(line);
        }

        var end = charsMax;

        // Never inside a character: a continuation byte is 10xxxxxx.
        while (end > charsMax - 4 && (line[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return $"{Encoding.UTF8.GetString(line[..end])}[… {line.Length - end} bytes more]";
    }
}

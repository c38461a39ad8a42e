using Reeve.Authority;

namespace Reeve.Doors.Files;

/// <summary>Reads and writes files that the operator named on the command line or in the configuration.</summary>
/// <remarks>Never reached by an agent: no tool is given this, and no path of a model comes here.</remarks>
public static class OperatorFiles
{
    private const int PieceBytes = 64 * 1024;

    /// <exception cref="ProblemException"><c>file.not_found</c>, <c>file.too_large</c>,
    /// <c>file.unavailable</c>.</exception>
    public static byte[] Read(string path, long bytesMax, string what)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            using var content = new MemoryStream();
            var piece = new byte[PieceBytes];

            // A pipe has no length and a device lies about it: what counts is what comes.
            while (file.Read(piece) is var count and > 0)
            {
                Problem.ThrowUnless(
                    content.Length + count <= bytesMax, "file.too_large",
                    $"The {what} is larger than {bytesMax} bytes.");
                content.Write(piece, 0, count);
            }

            return content.ToArray();
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException(new Problem("file.not_found", $"There is no such {what}; check its path."));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("file.unavailable", $"The {what} cannot be read."));
        }
    }

    /// <summary>Writes a file for its owner alone, replacing what was there.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content, string what) =>
        Write(path, content, what, FileMode.Create);

    /// <summary>Writes a file for its owner alone that is not there yet.</summary>
    /// <exception cref="ProblemException"><c>file.unavailable</c></exception>
    public static void WriteNew(string path, ReadOnlySpan<byte> content, string what) =>
        Write(path, content, what, FileMode.CreateNew);

    private static void Write(string path, ReadOnlySpan<byte> content, string what, FileMode mode)
    {
        try
        {
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            file.Write(content);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(
                "file.unavailable",
                mode == FileMode.CreateNew
                    ? $"The {what} cannot be written, or is there already; name another."
                    : $"The {what} cannot be written."));
        }
    }
}

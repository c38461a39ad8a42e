using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Reeve.Authority;

namespace Reeve.Doors.Repositories;

/// <summary>One object of a git repository as its loose file holds it (gitrepository-layout(5)).</summary>
/// <remarks>The bytes are those that its name is the digest of; nothing else becomes one of these.</remarks>
internal sealed record GitObject(string Kind, byte[] Content)
{
    /// <summary>Bytes of one object that a run may bring; a larger one is refused by name.</summary>
    public const int ObjectBytesMax = 64 * 1024 * 1024;

    private const int HeaderBytesMax = 32;

    /// <summary>Inflates a loose object and checks it against its name.</summary>
    /// <exception cref="ProblemException"><c>git.too_large</c>, <c>git.damaged</c>.</exception>
    public static GitObject Read(Stream deflated, string id)
    {
        var bytes = Inflate(deflated, id);
        Problem.ThrowUnless(
            DigestOf(bytes, id.Length) == id,
            "git.damaged",
            $"The object {id} of the run's repository is not what its name says.");

        var end = bytes.AsSpan(0, Math.Min(bytes.Length, HeaderBytesMax)).IndexOf((byte)0);
        var header = end < 0 ? [] : Encoding.ASCII.GetString(bytes, 0, end).Split(' ');
        var isWhole = header.Length == 2
            && long.TryParse(header[1], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length == bytes.Length - end - 1;
        Problem.ThrowUnless(isWhole, "git.damaged", $"The object {id} of the run's repository has no proper header.");

        return new GitObject(header[0], bytes[(end + 1)..]);
    }

    /// <summary>The loose file of this object, made anew: nothing that a run has deflated is passed on.</summary>
    public byte[] Deflate()
    {
        using var file = new MemoryStream();
        using (var deflate = new ZLibStream(file, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(Encoding.ASCII.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{Kind} {Content.Length}\0")));
            deflate.Write(Content);
        }

        return file.ToArray();
    }

    private static byte[] Inflate(Stream deflated, string id)
    {
        using var inflate = new ZLibStream(deflated, CompressionMode.Decompress, leaveOpen: true);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];

        try
        {
            while (inflate.Read(buffer) is var read and > 0)
            {
                Problem.ThrowUnless(
                    bytes.Length + read <= ObjectBytesMax + HeaderBytesMax,
                    "git.too_large",
                    $"The object {id} of the run's repository has more than {ObjectBytesMax} bytes.");
                bytes.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            Problem.Throw("git.damaged", $"The object {id} of the run's repository cannot be read.");
        }

        return bytes.ToArray();
    }

    // Git names objects by SHA-1, or by SHA-256 where the repository was made so. It is a name here, and no proof.
#pragma warning disable CA5350
    private static string DigestOf(byte[] bytes, int idLength) => Convert.ToHexStringLower(
        idLength == GitId.LongLength ? SHA256.HashData(bytes) : SHA1.HashData(bytes));
#pragma warning restore CA5350
}

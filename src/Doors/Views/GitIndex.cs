using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>The paths git tracks, from its index (gitformat-index(5), versions 2 and 3).</summary>
/// <remarks>Read by hand, since running git over a folder that an agent has written to would run its config.</remarks>
internal static class GitIndex
{
    public const long IndexBytesMax = 64 * 1024 * 1024;

    private const int EntryHeaderBytes = 62, FlagsOffset = 60;

    /// <summary>Empty where there is no index or none that can be read: then the ignore rules alone decide.</summary>
    public static IReadOnlySet<string> TrackedPaths(SafeFileHandle? file)
    {
        if (file is null
            || TreeFiles.Stat(file) is not { Kind: FileKind.Regular, Size: <= IndexBytesMax and > 12 } stat)
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }

        var bytes = new byte[stat.Size];
        var count = 0;
        while (count < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(count), count) is var read and > 0)
        {
            count += read;
        }

        return Parse(bytes.AsSpan(0, count));
    }

    private static HashSet<string> Parse(ReadOnlySpan<byte> index)
    {
        var paths = new HashSet<string>(StringComparer.Ordinal);
        var version = BinaryPrimitives.ReadUInt32BigEndian(index[4..]);
        if (!index.StartsWith("DIRC"u8) || version is not (2 or 3))
        {
            return paths;
        }

        var offset = 12;
        for (var left = BinaryPrimitives.ReadUInt32BigEndian(index[8..]); left > 0; left--)
        {
            if (offset + EntryHeaderBytes + 2 > index.Length)
            {
                break;
            }

            var isExtended = (index[offset + FlagsOffset] & 0x40) != 0;
            var name = index[(offset + EntryHeaderBytes + (isExtended ? 2 : 0))..];
            var length = name.IndexOf((byte)0);
            if (length < 0)
            {
                break;
            }

            paths.Add(NameCodec.Decode(name[..length]));

            // Entries are padded with one to eight zeros to a multiple of eight.
            var size = EntryHeaderBytes + (isExtended ? 2 : 0) + length;
            offset += (size + 8) & ~7;
        }

        return paths;
    }
}

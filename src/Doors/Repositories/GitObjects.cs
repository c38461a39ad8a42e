using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Repositories;

/// <summary>Reads the objects of a repository by hand, since running git would obey the repository's config.</summary>
/// <param name="open">Opens a path of the tree for reading, through no link; null where there is none.</param>
/// <param name="list">The paths in a folder of the tree.</param>
internal sealed class GitObjects(Func<string, SafeFileHandle?> open, Func<string, IEnumerable<string>> list)
{
    /// <summary>Packs that are looked through; more stand for a repository that nobody keeps.</summary>
    public const int PacksMax = 2_000;

    private const int FanOutOffset = 8, FanOutEntries = 256;

    private List<string>? _indexes;

    /// <summary>True for a loose object and for one in a pack (gitformat-pack(5), index of version 2).</summary>
    public bool Has(string id)
    {
        using var loose = open(GitId.LoosePath(id));
        if (loose is not null)
        {
            return true;
        }

        _indexes ??= [.. list(".git/objects/pack")
            .Where(path => path.EndsWith(".idx", StringComparison.Ordinal)).Take(PacksMax)];

        return _indexes.Exists(path => IsInPack(path, Convert.FromHexString(id)));
    }

    /// <summary>The loose object of a name; null where there is none.</summary>
    public GitObject? TryRead(string id)
    {
        var file = open(GitId.LoosePath(id));
        if (file is null)
        {
            return null;
        }

        using var stream = new FileStream(file, FileAccess.Read);
        if (TreeFiles.Stat(file).Kind != FileKind.Regular)
        {
            return null;
        }

        return GitObject.Read(stream, id);
    }

    private bool IsInPack(string path, byte[] id)
    {
        using var file = open(path);
        Span<byte> head = stackalloc byte[FanOutOffset + (FanOutEntries * 4)];

        return file is not null
            && RandomAccess.Read(file, head, 0) == head.Length
            && IsVersion2(head)
            && Search(file, head, id);
    }

    private static bool IsVersion2(ReadOnlySpan<byte> head) =>
        head[..FanOutOffset].SequenceEqual((ReadOnlySpan<byte>)[0xFF, (byte)'t', (byte)'O', (byte)'c', 0, 0, 0, 2]);

    private static bool Search(SafeFileHandle file, ReadOnlySpan<byte> head, byte[] id)
    {
        long low = id[0] == 0 ? 0 : Count(head, id[0] - 1), high = Count(head, id[0]);
        var found = new byte[id.Length];

        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            var offset = head.Length + (middle * id.Length);
            if (RandomAccess.Read(file, found, offset) < found.Length)
            {
                return false;
            }

            switch (found.AsSpan().SequenceCompareTo(id))
            {
                case 0:
                    return true;
                case < 0:
                    low = middle + 1;
                    break;
                default:
                    high = middle;
                    break;
            }
        }

        return false;
    }

    private static uint Count(ReadOnlySpan<byte> head, int first) =>
        BinaryPrimitives.ReadUInt32BigEndian(head[(FanOutOffset + (first * 4))..]);
}

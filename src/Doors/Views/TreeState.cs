using System.Buffers.Binary;
using System.Security.Cryptography;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>All paths of a view that differ from the workspace as it was when the view was made.</summary>
internal sealed class TreeState(SortedDictionary<string, NodeState> changes)
{
    /// <summary>The tree that differs nowhere from the workspace it was made from.</summary>
    public static TreeState Unchanged { get; } = new(NewChanges());

    public IReadOnlyDictionary<string, NodeState> Changes => changes;

    public static SortedDictionary<string, NodeState> NewChanges() => new(StringComparer.Ordinal);

    /// <summary>Length-prefixed, so that no two states share their bytes.</summary>
    public TreeDigest Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[4];

        foreach (var (path, state) in changes)
        {
            Append(hash, NameCodec.Terminated(path), number);
            BinaryPrimitives.WriteInt32BigEndian(number, ((int)state.Kind << 16) | state.Mode);
            hash.AppendData(number);
            Append(hash, NameCodec.Terminated(state.Content), number);
        }

        return new TreeDigest(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(changes.Count);
        foreach (var (path, state) in changes)
        {
            writer.WriteName(path);
            writer.WriteState(state);
        }
    }

    public static TreeState Read(BinaryReader reader)
    {
        var changes = NewChanges();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            changes.Add(reader.ReadName(), reader.ReadState());
        }

        return new TreeState(changes);
    }

    private static void Append(IncrementalHash hash, byte[] bytes, Span<byte> number)
    {
        BinaryPrimitives.WriteInt32BigEndian(number, bytes.Length);
        hash.AppendData(number);
        hash.AppendData(bytes);
    }
}

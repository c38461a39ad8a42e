using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>What a view was made from: every path of the user's tree with its state at that moment.</summary>
/// <remarks>Written last when a view is made; a view directory without one is half made and is made anew.</remarks>
internal sealed class Manifest
{
    public const string FileName = "manifest";

    private const int Version = 1;

    public Manifest(ViewKind kind, string workspace, uint? user, IEnumerable<ManifestEntry> entries)
    {
        Kind = kind;
        Workspace = workspace;
        User = user;
        Entries = entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
    }

    public ViewKind Kind { get; }

    public string Workspace { get; }

    /// <summary>Who owns the view's files; null where it is whoever runs Reeve.</summary>
    public uint? User { get; }

    public IReadOnlyDictionary<string, ManifestEntry> Entries { get; }

    public static Manifest? TryRead(SafeFileHandle directory) => Record.Read(directory, FileName, Read);

    public void Write(SafeFileHandle directory) => Record.Write(directory, FileName, Write);

    private void Write(BinaryWriter writer)
    {
        writer.Write(Version);
        writer.Write((byte)Kind);
        writer.WriteName(Workspace);
        writer.Write(User ?? uint.MaxValue);
        writer.Write(Entries.Count);
        foreach (var entry in Entries.Values)
        {
            writer.WriteName(entry.Path);
            writer.WriteStat(entry.Origin);
            writer.WriteName(entry.LinkTarget);
            writer.Write(entry.IsHidden);
            writer.WriteStat(entry.Copied);
            writer.Write(entry.BaseOffset);
            writer.WriteName(entry.BaseDigest);
        }
    }

    private static Manifest Read(BinaryReader reader)
    {
        Problem.ThrowUnless(
            reader.ReadInt32() == Version, "view.version", "This view was made by another version; discard the run.");
        var kind = (ViewKind)reader.ReadByte();
        var workspace = reader.ReadName();
        var user = reader.ReadUInt32();
        var entries = new ManifestEntry[reader.ReadInt32()];
        for (var index = 0; index < entries.Length; index++)
        {
            entries[index] = new ManifestEntry(
                reader.ReadName(),
                reader.ReadStat(),
                reader.ReadName(),
                reader.ReadBoolean(),
                reader.ReadStat(),
                reader.ReadInt64(),
                reader.ReadName());
        }

        return new Manifest(kind, workspace, user == uint.MaxValue ? null : user, entries);
    }
}

using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;
using Reeve.Kernel.Views;

namespace Reeve.Doors.Views;

/// <summary>What a view was made from: every path of the user's tree with its state at that moment.</summary>
/// <remarks>Written last when a view is made; a view directory without one is half made and is made anew.</remarks>
internal sealed class Manifest
{
    public const string FileName = "manifest";

    // The first version had always a tree by the time it was written.
    private const int Version = 2, VersionOfMadeTrees = 1;

    public Manifest(ViewKind kind, string workspace, uint? user, IEnumerable<ManifestEntry> entries)
    {
        Kind = kind;
        Workspace = workspace;
        User = user;
        Entries = entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
    }

    /// <summary>True once the tree of a copy is whole.</summary>
    public bool HasTree { get; init; }

    /// <summary>What the user changed after the view was opened and before its tree was made.</summary>
    /// <remarks>The run may have read the old and changed the new: applying there is always a conflict.</remarks>
    public IReadOnlySet<string> Drifted { get; init; } = new HashSet<string>();

    public ViewKind Kind { get; }

    public string Workspace { get; }

    /// <summary>Who owns the view's files; null where it is whoever runs Reeve.</summary>
    public uint? User { get; }

    public IReadOnlyDictionary<string, ManifestEntry> Entries { get; }

    public Manifest WithDrifted(IReadOnlySet<string> drifted) =>
        new(Kind, Workspace, User, Entries.Values) { HasTree = HasTree, Drifted = drifted };

    /// <summary>Null where a view was not finished being opened; nothing can depend on it yet.</summary>
    public static Manifest? TryRead(SafeFileHandle directory)
    {
        try
        {
            return Record.Read(directory, FileName, Read);
        }
        catch (ProblemException damage) when (damage.Problem.Code == "view.corrupt" && !HasTreeIn(directory))
        {
            return null;
        }
    }

    /// <summary>Writes the manifest of a view that is being opened; <see cref="Sync"/> makes it durable.</summary>
    public void WriteFirst(SafeFileHandle directory) => Record.WriteFirst(directory, FileName, Write);

    public static void Sync(SafeFileHandle directory) => Record.Sync(directory, FileName);

    /// <summary>Writes the manifest of a tree that was made. The first checkpoint makes it durable; should power
    /// fail before, the view has no tree, and nobody was told of one.</summary>
    public void Write(SafeFileHandle directory) => Record.Replace(directory, FileName, Write);

    private static bool HasTreeIn(SafeFileHandle directory)
    {
        using var upper = TreeFiles.TryOpen(directory, ViewDirectory.UpperName, Native.OpenDirectory);

        return TreeFiles.Stat(directory, ViewDirectory.TreeName) is not null
            || (upper is not null && TreeFiles.Names(upper).Count > 0);
    }

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

        writer.Write(HasTree);
        writer.Write(Drifted.Count);
        foreach (var path in Drifted)
        {
            writer.WriteName(path);
        }
    }

    private static Manifest Read(BinaryReader reader)
    {
        var version = reader.ReadInt32();
        Problem.ThrowUnless(
            version is Version or VersionOfMadeTrees,
            "view.version",
            "This view was made by another version; discard the run.");
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

        var hasTree = version == VersionOfMadeTrees || reader.ReadBoolean();
        var drifted = new HashSet<string>(StringComparer.Ordinal);
        for (var left = version == VersionOfMadeTrees ? 0 : reader.ReadInt32(); left > 0; left--)
        {
            drifted.Add(reader.ReadName());
        }

        return new Manifest(kind, workspace, user == uint.MaxValue ? null : user, entries)
        {
            HasTree = hasTree,
            Drifted = drifted,
        };
    }
}

using Microsoft.Win32.SafeHandles;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>What apply and undo have made of the user's tree since the view began, path by path.</summary>
/// <remarks>
/// The manifest itself never changes, so that digests and checkpoints keep their meaning; a difference and a
/// conflict are reckoned from here first. Contents are in the object store.
/// </remarks>
internal sealed class Rebase
{
    private const string FileName = "rebase";

    private readonly Dictionary<string, RebasedPath> _paths = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, RebasedPath> Paths => _paths;

    /// <summary>Counts the generations of the view: one more with each apply and undo.</summary>
    public int Generation { get; private set; }

    /// <param name="before">What the view had from the workspace until now.</param>
    public void Set(string path, NodeState before, NodeState after, FileStat? origin) => _paths[path] = new RebasedPath(
        _paths.TryGetValue(path, out var earlier) ? earlier.Original : before, after, origin);

    public static Rebase Read(SafeFileHandle directory) => Record.Read(directory, FileName, Read) ?? new Rebase();

    public void Write(SafeFileHandle directory, int generation)
    {
        Generation = generation;
        Record.Write(directory, FileName, Write);
    }

    private void Write(BinaryWriter writer)
    {
        writer.Write(Generation);
        writer.Write(_paths.Count);
        foreach (var (path, rebased) in _paths)
        {
            writer.WriteName(path);
            writer.WriteState(rebased.Original);
            writer.WriteState(rebased.Base);
            writer.Write(rebased.Origin is not null);
            writer.WriteStat(rebased.Origin ?? default);
        }
    }

    private static Rebase Read(BinaryReader reader)
    {
        var rebase = new Rebase { Generation = reader.ReadInt32() };
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var path = reader.ReadName();
            var original = reader.ReadState();
            var state = reader.ReadState();
            var isPresent = reader.ReadBoolean();
            var stat = reader.ReadStat();
            rebase._paths.Add(path, new RebasedPath(original, state, isPresent ? stat : null));
        }

        return rebase;
    }
}

/// <param name="Original">What the workspace had when the view was made.</param>
/// <param name="Base">What it has now, in the terms of the view: set-id bits are not there.</param>
/// <param name="Origin">The user's own file; null where there is none.</param>
internal readonly record struct RebasedPath(NodeState Original, NodeState Base, FileStat? Origin);

using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Which runs were applied to each workspace, in order, so that a list can name the stale ones
/// cheaply.</summary>
/// <remarks>
/// One line for each apply or undo, appended in one write; a run remembers how long the file was when its view was
/// opened. It only tells: what may be written is decided by the manifest of the view, file by file.
/// </remarks>
public sealed class ApplyLedger(string dataDirectory)
{
    /// <summary>How much of a ledger is read; where more was applied since, the run is stale anyhow.</summary>
    public const int TailBytesMax = 64 * 1024;

    private const string FolderName = "workspaces", MarkName = "ledger-mark";

    /// <summary>Remembers where the ledger of a workspace stands; to be called before the view is opened.</summary>
    /// <param name="workspace">A name for it that is one part of a path.</param>
    /// <param name="runDirectory">The run's own, where its view will be.</param>
    public void Mark(string workspace, string runDirectory)
    {
        var length = new FileInfo(PathOf(workspace)) is { Exists: true } file ? file.Length : 0;
        if (length > 0)
        {
            Directory.CreateDirectory(runDirectory);
            File.WriteAllBytes(Path.Join(runDirectory, MarkName), BitConverter.GetBytes(length));
        }
    }

    /// <summary>Notes that a run was applied to a workspace or taken back from it.</summary>
    public void Add(string workspace, string run)
    {
        Directory.CreateDirectory(Path.Join(dataDirectory, FolderName), (UnixFileMode)0x1C0);
        using var file = new FileStream(PathOf(workspace), new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });

        try
        {
            file.Write(Encoding.ASCII.GetBytes(run + "\n"));
            file.Flush();
        }
        catch (IOException failure) when (failure.HResult is Native.NoSpace or Native.Quota)
        {
            throw FileFailure.Of(failure.HResult);
        }
    }

    /// <summary>True where another run was applied since this one last met the workspace.</summary>
    public bool IsStale(string workspace, string runDirectory, string run)
    {
        using var file = TryOpen(PathOf(workspace));
        if (file is null)
        {
            return false;
        }

        using var mark = TryOpen(Path.Join(runDirectory, MarkName));
        var bytes = new byte[sizeof(long)];
        var from = mark is not null && RandomAccess.Read(mark, bytes, 0) == bytes.Length
            ? BitConverter.ToInt64(bytes) : 0;
        var length = RandomAccess.GetLength(file) - from;
        if (length > TailBytesMax)
        {
            return true;
        }

        var tail = new byte[Math.Max(length, 0)];
        var count = RandomAccess.Read(file, tail, from);
        var last = Encoding.ASCII.GetString(tail, 0, count).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        return last.Length > 0 && last[^1] != run;
    }

    private static SafeFileHandle? TryOpen(string path)
    {
        var descriptor = Native.Open(
            NameCodec.Terminated(path), Native.OpenRead | Native.OpenNoFollow | Native.OpenCloseOnExec, 0);

        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : null;
    }

    private string PathOf(string workspace) => Path.Join(dataDirectory, FolderName, workspace);
}

using Microsoft.Win32.SafeHandles;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Says that the view of a run is being made before the run is recorded, for as long as that lasts.</summary>
/// <remarks>
/// The files are there first, so that a run that is recorded can always be carried on. Who is killed in between
/// leaves a view without a run: his lock (flock(2)) ends with him, and whoever forks next removes it.
/// </remarks>
public sealed class ForkMarker : IDisposable
{
    /// <summary>Left-over views that one look removes at most.</summary>
    private const int SweptMax = 64;

    private const string FolderName = "forks";

    private readonly SafeFileHandle _folder;
    private readonly SafeFileHandle _file;
    private readonly string _name;

    private ForkMarker(SafeFileHandle folder, SafeFileHandle file, string name) =>
        (_folder, _file, _name) = (folder, file, name);

    public static ForkMarker Begin(string dataDirectory, string run)
    {
        var folder = OpenFolder(dataDirectory);
        var file = Make(folder, run);
        _ = NativeNodes.Lock(file, NativeNodes.LockExclusiveNow);

        return new ForkMarker(folder, file, run);
    }

    /// <summary>Names the runs whose making was cut off, one after the other; each is forgotten once it was
    /// handled.</summary>
    public static async Task SweepAsync(string dataDirectory, Func<string, Task> handle)
    {
        if (!Directory.Exists(Path.Join(dataDirectory, FolderName)))
        {
            return;
        }

        using var folder = OpenFolder(dataDirectory);

        foreach (var name in TreeFiles.Names(folder).Take(SweptMax))
        {
            using var file = TreeFiles.TryOpen(folder, name, Native.OpenReadWrite);

            if (file is not null && NativeNodes.Lock(file, NativeNodes.LockExclusiveNow) >= 0)
            {
                await handle(name);
                Native.Unlink(folder, NameCodec.Terminated(name), 0);
            }
        }
    }

    public void Dispose()
    {
        Native.Unlink(_folder, NameCodec.Terminated(_name), 0);
        _ = NativeNodes.Lock(_file, NativeNodes.Unlock);
        _file.Dispose();
        _folder.Dispose();
    }

    private static SafeFileHandle OpenFolder(string dataDirectory)
    {
        var path = Path.Join(dataDirectory, FolderName);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        using var root = Beneath.OpenRoot(path);

        return Beneath.Open(root, ".", Native.OpenRead | Native.OpenDirectory, followLinks: false);
    }

    private static SafeFileHandle Make(SafeFileHandle folder, string name)
    {
        var flags = Native.OpenReadWrite | Native.OpenCreate | Native.OpenNoFollow | Native.OpenCloseOnExec;
        var descriptor = Native.Openat(folder, NameCodec.Terminated(name), flags, 0x180);

        return new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);
    }
}

using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Processes;

/// <summary>An empty tree to try a sandbox on, owned by whoever commands run as, and gone when disposed.</summary>
public sealed class ScratchTree : IDisposable
{
    // AT_FDCWD of fchownat(2).
    private const int CurrentDirectory = -100;

    private readonly string _above;

    private ScratchTree(string above, string directory)
    {
        _above = above;
        Directory = directory;
    }

    public string Directory { get; }

    public static ScratchTree Make(string above, RunUser? user)
    {
        const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        System.IO.Directory.CreateDirectory(above, Passable);
        var directory = System.IO.Directory.CreateDirectory(Path.Join(above, "scratch")).FullName;

        if (user is not null)
        {
            using var here = new SafeFileHandle(CurrentDirectory, ownsHandle: false);
            var changed = Files.Native.ChangeOwner(
                here, Encoding.UTF8.GetBytes(directory + '\0'), user.Id, user.Id, flags: 0);
            Native.ThrowIf(changed != 0, "fchownat");
        }

        return new ScratchTree(above, directory);
    }

    public void Dispose() => System.IO.Directory.Delete(_above, recursive: true);
}

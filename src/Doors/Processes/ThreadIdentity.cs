using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Processes;

/// <summary>What the thread of one sandbox is to the kernel: its own mounts, and another uid while it spawns.</summary>
/// <remarks>
/// Credentials and mount namespace belong to a thread (credentials(7), unshare(2)). Doing it here costs no
/// helper program: the thread takes the run's uid with root only as the saved one, spawns, and takes root back.
/// exec(2) sets the saved uid to the effective one, so nothing of root is left in the child. The thread is never
/// one of the pool and ends with its sandbox.
/// </remarks>
internal sealed class ThreadIdentity
{
    private const nuint Slave = 0x8_0000, AndBelow = 0x4000, NoSetId = 2, NoDevices = 4, NoPrograms = 8;
    private const uint CreationMask = 0x12;
    private static readonly string[] s_mountPoints = ["/mnt", "/media", "/srv", "/run", "/var/tmp"];

    private readonly uint _user;
    private readonly uint _group;
    private readonly bool _takesUser;

    public ThreadIdentity(SandboxRoot root)
    {
        _user = root.User;
        _group = root.Group;

        _takesUser = Native.EffectiveUser() == 0 && root.User != 0;

        // Directory and creation mask of the thread become its own, so that the caller's do not leak in.
        Native.ThrowIf(Native.Unshare(Native.OwnWorkingDirectory) < 0, "unshare");
        Native.ThrowIf(Native.ChangeDirectory("/") < 0, "chdir");
        _ = Native.SetCreationMask(CreationMask);

        if (_takesUser && root.MountNamespace is { } name)
        {
            Join(name);
        }
    }

    /// <summary>The same directories under names that the run's uid can reach.</summary>
    /// <remarks>
    /// A dropped uid cannot walk through a 0700 folder to what lies below it. Root opens each tree first and puts
    /// it into a mount namespace that this thread alone is in, below a folder that everyone may enter. A container's
    /// root may lack the privilege for that; then the directories stay as they are, and bubblewrap says what it misses.
    /// </remarks>
    public IReadOnlyList<string> MakeReachable(IReadOnlyList<string> directories)
    {
        if (!_takesUser || directories.Count == 0)
        {
            return directories;
        }

        var trees = directories.Select(CloneTree).ToList();

        if (trees.Exists(tree => tree.IsInvalid) || Native.Unshare(Native.NewMountNamespace) < 0)
        {
            trees.ForEach(tree => tree.Dispose());
            return directories;
        }

        Native.ThrowIf(Native.Mount(source: null, "/", kind: null, Slave | AndBelow, data: null) < 0, "mount");
        var point = s_mountPoints.First(Directory.Exists);
        Native.ThrowIf(
            Native.Mount("tmpfs", point, "tmpfs", NoSetId | NoDevices | NoPrograms, "mode=755,size=1m") < 0, "mount");

        return [.. trees.Select((tree, index) => Attach(tree, $"{point}/{index}"))];
    }

    public int Run(Func<int> action)
    {
        if (!_takesUser)
        {
            return action();
        }

        // Nothing may need a file of the host while the uid is the run's: not even the code of the action.
        RuntimeHelpers.PrepareDelegate(action);
        Take(_user, _group);
        try
        {
            return action();
        }
        finally
        {
            Take(0, 0);
        }
    }

    private static void Join(string mountNamespace)
    {
        using var space = Native.Open(mountNamespace, Native.CloseOnExec, mode: 0);
        Native.ThrowIf(space.IsInvalid, "open");
        var joined = Native.Call(
            SystemCalls.Current["setns"], space.DangerousGetHandle(), Native.NewMountNamespace);
        Native.ThrowIf(joined < 0, "setns");
    }

    private static SafeFileHandle CloneTree(string directory)
    {
        using var text = new NativeText(directory);
        var tree = Native.Call(
            SystemCalls.Current["open_tree"],
            Native.CurrentDirectory,
            text.Address,
            Native.TreeClone | Native.CloseOnExec | Native.Recursive);

        return new SafeFileHandle(tree, ownsHandle: true);
    }

    private static string Attach(SafeFileHandle tree, string target)
    {
        const int FromEmptyPath = 4;
        Directory.CreateDirectory(target);
        using var empty = new NativeText(string.Empty);
        using var text = new NativeText(target);
        var moved = Native.Call(
            SystemCalls.Current["move_mount"],
            tree.DangerousGetHandle(),
            empty.Address,
            Native.CurrentDirectory,
            text.Address,
            FromEmptyPath);
        Native.ThrowIf(moved < 0, "move_mount");
        tree.Dispose();

        return target;
    }

    // The order matters: groups can be changed while the effective uid is root's, and not afterwards.
    private static void Take(uint user, uint group)
    {
        var calls = SystemCalls.Current;

        if (user == 0)
        {
            Native.ThrowIf(Native.Call(calls["setresuid"], 0, 0, 0) < 0, "setresuid");
            Native.ThrowIf(Native.Call(calls["setresgid"], 0, 0, 0) < 0, "setresgid");
            return;
        }

        Native.ThrowIf(Native.Call(calls["setgroups"]) < 0, "setgroups");
        Native.ThrowIf(Native.Call(calls["setresgid"], (nint)group, (nint)group, 0) < 0, "setresgid");
        Native.ThrowIf(Native.Call(calls["setresuid"], (nint)user, (nint)user, 0) < 0, "setresuid");
    }
}

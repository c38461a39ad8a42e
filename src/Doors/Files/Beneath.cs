using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Files;

/// <summary>Opens paths that cannot lead out of a directory, whatever is swapped meanwhile.</summary>
/// <remarks>
/// openat2(2) with RESOLVE_BENEATH and RESOLVE_NO_MAGICLINKS where the kernel has it (5.6); else a walk, one
/// part at a time with O_NOFOLLOW, that reads links itself and remembers the directories it came through, so
/// that <c>..</c> in a link goes back to an open directory and never above the root.
/// </remarks>
internal static class Beneath
{
    private const int TriesMax = 64;

    /// <summary>Opens a path, or gives the errno.</summary>
    /// <param name="root">An open directory; O_PATH is enough.</param>
    /// <param name="path">Parsed or scanned; <c>.</c> is the root itself.</param>
    /// <param name="followLinks">Links that stay inside are followed; else every link is ELOOP.</param>
    public static (SafeFileHandle? Handle, int Error) TryOpen(
        SafeFileHandle root, string path, int flags, bool followLinks, uint mode = 0)
    {
        var how = new Native.OpenHow
        {
            Flags = (ulong)(flags | Native.OpenCloseOnExec),
            Mode = mode,
            Resolve = Native.Beneath | Native.NoMagicLinks | (followLinks ? 0 : Native.NoLinks),
        };
        var bytes = NameCodec.Terminated(path);

        // The kernel asks to try again when a directory is renamed while it resolves; bounded, since an
        // attacker could rename for ever.
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var descriptor = Native.Openat2(root, bytes, ref how);
            if (descriptor >= 0)
            {
                return (new SafeFileHandle(descriptor, ownsHandle: true), 0);
            }

            if (Native.Error == Native.NoSystemCall)
            {
                return BeneathWalk.TryOpen(root, path, flags, followLinks, mode);
            }

            if (Native.Error != Native.Again)
            {
                return (null, Native.Error);
            }
        }

        return (null, Native.Again);
    }

    public static SafeFileHandle Open(SafeFileHandle root, string path, int flags, bool followLinks, uint mode = 0)
    {
        var (handle, error) = TryOpen(root, path, flags, followLinks, mode);

        return handle ?? throw FileFailure.Of(error);
    }

    /// <summary>Opens a directory of the host by its full path; for roots that configuration names, never for a
    /// tool.</summary>
    public static SafeFileHandle OpenRoot(string directory)
    {
        var descriptor = Native.Open(
            NameCodec.Terminated(directory), Native.OpenPath | Native.OpenDirectory | Native.OpenCloseOnExec, 0);

        return new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);
    }
}

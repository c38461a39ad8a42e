using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Files;

/// <summary>Resolves a path beneath a root without openat2(2), for kernels and filters that lack it.</summary>
internal static class BeneathWalk
{
    /// <summary>As <see cref="Beneath.TryOpen"/>.</summary>
    public static (SafeFileHandle? Handle, int Error) TryOpen(
        SafeFileHandle root, string path, int flags, bool followLinks, uint mode)
    {
        var left = new Stack<string>(path.Split('/').Reverse());
        var directories = new Stack<SafeFileHandle>();
        var links = 0;

        try
        {
            while (true)
            {
                var name = NextName(left, directories, out var error);
                if (error != 0)
                {
                    return (null, error);
                }

                var directory = directories.Count > 0 ? directories.Peek() : root;
                if (name is null)
                {
                    return OpenAt(directory, ".", flags, mode);
                }

                if (TreeFiles.ReadLink(directory, name) is { } target)
                {
                    if (!followLinks || ++links > FileLimits.LinksMax)
                    {
                        return (null, Native.Loop);
                    }

                    if (target.StartsWith('/'))
                    {
                        return (null, Native.CrossDevice);
                    }

                    PushAll(left, target);
                    continue;
                }

                if (left.Count == 0)
                {
                    return OpenAt(directory, name, flags | Native.OpenNoFollow, mode);
                }

                var (next, failure) = OpenAt(
                    directory, name, Native.OpenPath | Native.OpenDirectory | Native.OpenNoFollow, mode: 0);
                if (next is null)
                {
                    return (null, failure);
                }

                directories.Push(next);
            }
        }
        finally
        {
            foreach (var directory in directories)
            {
                directory.Dispose();
            }
        }
    }

    // Goes over the parts that name no entry; null at the end of the path.
    private static string? NextName(Stack<string> left, Stack<SafeFileHandle> directories, out int error)
    {
        error = 0;
        while (left.TryPop(out var part))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part != "..")
            {
                return part;
            }

            if (!directories.TryPop(out var above))
            {
                error = Native.CrossDevice;
                return null;
            }

            above.Dispose();
        }

        return null;
    }

    private static void PushAll(Stack<string> left, string target)
    {
        foreach (var part in target.Split('/').Reverse())
        {
            left.Push(part);
        }
    }

    private static (SafeFileHandle? Handle, int Error) OpenAt(
        SafeFileHandle directory, string name, int flags, uint mode)
    {
        var descriptor = Native.Openat(
            directory, NameCodec.Terminated(name), flags | Native.OpenCloseOnExec, mode);

        return descriptor >= 0
            ? (new SafeFileHandle(descriptor, ownsHandle: true), 0)
            : (null, Native.Error);
    }
}

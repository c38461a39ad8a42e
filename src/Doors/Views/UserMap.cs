using System.Diagnostics;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>A user namespace that says as whom the owner of a tree appears (mount_setattr(2), idmapped
/// mounts).</summary>
internal static class UserMap
{
    /// <summary>Opens a namespace in which the owner's ids stand for those of the run. Only for root.</summary>
    public static SafeFileHandle Create((uint User, uint Group) owner, uint user)
    {
        using var holder = MountKeeper.Start("unshare", ["--user", "--", "sh", "-c", "echo ready; exec cat"]);
        var process = string.Create(CultureInfo.InvariantCulture, $"/proc/{holder.ProcessId}/");
        File.WriteAllText(process + "uid_map", Line(owner.User, user));
        File.WriteAllText(process + "gid_map", Line(owner.Group, user));
        var descriptor = Native.Open(
            NameCodec.Terminated(process + "ns/user"), Native.OpenRead | Native.OpenCloseOnExec, 0);

        return new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);
    }

    private static string Line(uint inside, uint outside) =>
        string.Create(CultureInfo.InvariantCulture, $"{inside} {outside} 1\n");
}

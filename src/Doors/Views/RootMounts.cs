using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Mounts as root, in a mount namespace that only descriptors of this process keep.</summary>
/// <remarks>
/// A thread of its own leaves the shared file system state, enters a new private namespace, mounts and ends; the
/// namespace lives on in an open descriptor and goes when Reeve does, also by <c>kill -9</c>. Inside, the tree
/// stands at a path that every uid can reach, whatever the modes above the run's directory are.
/// </remarks>
internal static class RootMounts
{
    private const string Screen = "/dev/shm", OpaquePath = "/dev/shm/workspace";

    /// <summary>Makes an ordinary directory reachable for the uid of the run.</summary>
    public static TreeMount Bind(string directory, uint user) => InNewNamespace(user, () =>
    {
        Check(NativeMounts.Mount(Bytes(directory), Place(), null, NativeMounts.Bind, null));
    });

    /// <summary>Mounts an overlay of the workspace, whose owner appears as the run's uid in it.</summary>
    /// <param name="viewDirectory">Holds <c>lower</c>, <c>upper</c>, <c>work</c> and <c>merged</c>.</param>
    public static TreeMount Overlay(string viewDirectory, string workspace, (uint User, uint Group) owner, uint user)
    {
        using var map = UserMap.Create(owner, user);

        return InNewNamespace(user, () =>
        {
            var place = Place();
            Check(NativeMounts.ChangeDirectory(Bytes(viewDirectory)));
            using var lower = new SafeFileHandle(Check(NativeMounts.OpenTree(Bytes(workspace))), ownsHandle: true);
            var attributes = new NativeMounts.MountAttributes
            {
                Set = NativeMounts.AttributeIdMap | NativeMounts.AttributeReadOnly,
                UserNamespace = (ulong)map.DangerousGetHandle(),
            };
            Check(NativeMounts.SetAttributes(lower, ref attributes));
            Check(NativeMounts.MoveMount(lower, Bytes("lower")));
            Check(NativeMounts.Mount(
                Bytes("overlay"),
                place,
                Bytes("overlay"),
                0,
                Bytes("lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off,index=off")));
        });
    }

    private static TreeMount InNewNamespace(uint user, Action mount)
    {
        TreeMount? made = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Check(NativeMounts.Unshare(NativeMounts.OwnFileSystemState | NativeMounts.NewMountNamespace));
                Check(NativeMounts.Mount(
                    null, Bytes("/"), null, NativeMounts.Recursive | NativeMounts.Private, null));
                mount();
                made = Keep(user);
            }
            catch (Exception thrown) when (thrown is ProblemException or IOException)
            {
                failure = ExceptionDispatchInfo.Capture(thrown);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();

        return made!;
    }

    // An empty file system hides what was there, so that nothing of the host lies beside the tree.
    private static byte[] Place()
    {
        Check(NativeMounts.Mount(Bytes("tmpfs"), Bytes(Screen), Bytes("tmpfs"), 0, Bytes("mode=755,size=64k")));
        using var screen = Beneath.OpenRoot(Screen);
        Check(Native.MakeDirectory(screen, Bytes("workspace"), 0x1ED));

        return Bytes(OpaquePath);
    }

    private static TreeMount Keep(uint user)
    {
        var root = Beneath.OpenRoot(OpaquePath);
        var space = new SafeFileHandle(
            Check(Native.Open(Bytes("/proc/thread-self/ns/mnt"), Native.OpenCloseOnExec, 0)), ownsHandle: true);
        var name = string.Create(
            CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{space.DangerousGetHandle()}");
        var mount = new ViewMount(OpaquePath, [UtilityPrograms.EnterNamespaces, $"--mount={name}", "--"], user)
        {
            MountNamespace = name,
        };

        return new TreeMount(root, mount, space);
    }

    private static byte[] Bytes(string text) => NameCodec.Terminated(text);

    private static int Check(int result) => result >= 0
        ? result
        : throw new ProblemException(new Problem(
            "view.no_overlay",
            $"This system does not let Reeve mount a view (error {Native.Error}); choose a copy."));
}

using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Processes;

/// <summary>Starts a program with an empty environment and none but the descriptors it is given
/// (posix_spawn(3)).</summary>
/// <remarks>
/// It is called on the thread that owns the sandbox: the child inherits that thread's identity, mount namespace,
/// directory and creation mask, and dies with it where it asked to.
/// </remarks>
internal static unsafe partial class ChildProgram
{
    private const int OpaqueBytes = 1024, SignalSetBytes = 128;
    private const short SetSignalMask = 0x08, SetSignalDefaults = 0x04;
    private const int DescriptorFloor = 64;

    private static readonly nint s_closeFrom = FindCloseFrom();

    /// <summary>Starts it; the index of a descriptor in the list is its number in the child.</summary>
    public static int Start(
        IReadOnlyList<string> arguments, IReadOnlyList<SafeFileHandle> descriptors, Func<Func<int>, int> asWhom)
    {
        // Numbers below the floor are written by the child's own copies, so the originals move out of their way.
        var copies = new List<SafeFileHandle>();
        var sources = descriptors.Select(each => NumberAbove(each, copies)).ToList();
        var actions = (nint)NativeMemory.AllocZeroed(OpaqueBytes);
        var attributes = (nint)NativeMemory.AllocZeroed(OpaqueBytes);
        var argumentList = NewList(arguments);
        var environment = NewList([]);

        try
        {
            Prepare(actions, attributes, sources);
            var child = 0;
            var path = ((byte**)argumentList)[0];
            var error = asWhom(() =>
            {
                int started;
                var result = Spawn(&started, path, actions, attributes, argumentList, environment);
                child = started;
                return result;
            });

            return error == 0 ? child : -error;
        }
        finally
        {
            ThrowIfFailed(DestroyActions(actions));
            ThrowIfFailed(DestroyAttributes(attributes));
            NativeMemory.Free((void*)actions);
            NativeMemory.Free((void*)attributes);
            FreeList(argumentList, arguments.Count);
            FreeList(environment, count: 0);
            copies.ForEach(each => each.Dispose());
        }
    }

    private static void Prepare(nint actions, nint attributes, List<int> sources)
    {
        ThrowIfFailed(InitializeActions(actions));
        ThrowIfFailed(InitializeAttributes(attributes));

        for (var number = 0; number < sources.Count; number++)
        {
            ThrowIfFailed(AddCopy(actions, sources[number], number));
        }

        // All of ours close on exec anyway; this also covers what a library of the host left open.
        if (s_closeFrom != 0)
        {
            ThrowIfFailed(((delegate* unmanaged<nint, int, int>)s_closeFrom)(actions, sources.Count));
        }

        // The runtime ignores SIGPIPE, and what is ignored stays so in a child.
        var all = stackalloc byte[SignalSetBytes];
        new Span<byte>(all, SignalSetBytes).Fill(0xFF);
        ThrowIfFailed(SetDefaults(attributes, all));
        var none = stackalloc byte[SignalSetBytes];
        new Span<byte>(none, SignalSetBytes).Clear();
        ThrowIfFailed(SetMask(attributes, none));
        ThrowIfFailed(SetFlags(attributes, SetSignalMask | SetSignalDefaults));
    }

    private static int NumberAbove(SafeFileHandle descriptor, List<SafeFileHandle> copies)
    {
        var number = (int)descriptor.DangerousGetHandle();

        if (number >= DescriptorFloor)
        {
            return number;
        }

        copies.Add(Native.CopyAbove(descriptor, DescriptorFloor));
        return (int)copies[^1].DangerousGetHandle();
    }

    private static nint NewList(IReadOnlyList<string> texts)
    {
        var list = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));

        for (var index = 0; index < texts.Count; index++)
        {
            var bytes = Encoding.UTF8.GetBytes(texts[index] + '\0');
            list[index] = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            bytes.CopyTo(new Span<byte>(list[index], bytes.Length));
        }

        return (nint)list;
    }

    private static void FreeList(nint list, int count)
    {
        for (var index = 0; index < count; index++)
        {
            NativeMemory.Free(((byte**)list)[index]);
        }

        NativeMemory.Free((void*)list);
    }

    private static nint FindCloseFrom() =>
        NativeLibrary.TryGetExport(
            NativeLibrary.GetMainProgramHandle(), "posix_spawn_file_actions_addclosefrom_np", out var address)
            ? address
            : 0;

    private static void ThrowIfFailed(int error)
    {
        if (error != 0)
        {
            throw new IOException($"posix_spawn could not be prepared (error {error}).");
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(
        int* child, byte* path, nint actions, nint attributes, nint arguments, nint environment);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(nint actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddCopy(nint actions, int descriptor, int number);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(nint attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefaults(nint attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(nint attributes, byte* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(nint attributes, short flags);
}

using System.Buffers.Binary;

namespace Reeve.Doors.Processes;

/// <summary>
/// The mounts of a sandbox that bubblewrap would make one by one with a look through all mounts for each: masks
/// over /proc and over credentials, folders of /etc, and the last step, which closes the root for writing.
/// </summary>
/// <remarks>
/// A program of nothing but system calls makes them, while bubblewrap waits with the new root at <c>/newroot</c> and
/// the host at <c>/oldroot</c>. It enters the sandbox's user and mount namespaces (setns(2)) and has no more rights
/// than bubblewrap had there. The command is released only when every call has succeeded.
/// </remarks>
internal sealed class LateMounts
{
    /// <summary>The numbers that its descriptors have in the program.</summary>
    public const int InitDescriptor = 0, ResultDescriptor = 1, HoldDescriptor = 2;

    private const string New = "/newroot", Old = "/oldroot";
    private const long Here = Native.CurrentDirectory, FromEmptyPath = 4;
    private const long ReadOnly = 1, NoSetId = 2, NoDevices = 4, NoPrograms = 8, Bind = 0x1000;
    private const long NewUser = 0x1000_0000, NewMounts = Native.NewMountNamespace;
    private const int WritableEvent = 4, WaitSeconds = 10, AttributeBytes = 32, SignalSetBytes = 8;
    private const int CallsToAttach = 3, OtherCalls = 2 + (CallsToAttach - 1) + 2;

    private readonly ProbeProgram _program = new();
    private readonly List<int> _calls = [];
    private readonly ProbeArgument _empty;

    public LateMounts(
        IReadOnlyList<string> maskedFiles, IReadOnlyList<string> maskedFolders,
        IReadOnlyList<(string Path, string Source)> folders)
    {
        _empty = _program.Text(string.Empty);
        WaitAndEnter();
        MaskFiles(maskedFiles);
        MaskFolders(maskedFolders);

        foreach (var (path, source) in folders)
        {
            Attach(source, path, Native.Recursive, ReadOnly | NoSetId | NoDevices);
        }

        Close("/dev");
        Close(string.Empty);
    }

    public static bool Fit(int maskedFiles, int maskedFolders, int folders) =>
        OtherCalls + maskedFiles + maskedFolders + (CallsToAttach * folders) <= ProbeProgram.CallsMax;

    public byte[] ToElf() => _program.ToElf();

    /// <summary>True when every call has answered and none has failed.</summary>
    public bool HaveSucceeded(ReadOnlySpan<byte> results)
    {
        for (var index = 0; index < _calls.Count; index++)
        {
            if (results.Length < (index + 1) * 8 || BinaryPrimitives.ReadInt64LittleEndian(results[(index * 8)..]) < 0)
            {
                return false;
            }
        }

        return true;
    }

    // The pipe was full: it can be written to when bubblewrap has come to reading from it.
    private void WaitAndEnter()
    {
        Span<byte> poll = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(poll, HoldDescriptor);
        BinaryPrimitives.WriteInt16LittleEndian(poll[4..], WritableEvent);
        Span<byte> time = stackalloc byte[16];
        time.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(time, WaitSeconds);
        Call("ppoll", _program.Bytes(poll), 1, _program.Bytes(time), 0, SignalSetBytes);
        Call("setns", InitDescriptor, NewUser | NewMounts);
    }

    // A copy of a mount has its attributes, so only the first needs to be given them.
    private void MaskFiles(IReadOnlyList<string> paths)
    {
        string? first = null;

        foreach (var path in paths)
        {
            if (first is null)
            {
                Attach("/dev/null", path, clone: 0, ReadOnly | NoSetId | NoDevices | NoPrograms);
            }
            else
            {
                Call("mount", _program.Text(New + first), _program.Text(New + path), 0, Bind, 0);
            }

            first ??= path;
        }
    }

    private void MaskFolders(IReadOnlyList<string> paths)
    {
        string? first = null;

        foreach (var path in paths)
        {
            var target = _program.Text(New + path);

            if (first is null)
            {
                var kind = _program.Text("tmpfs");
                Call(
                    "mount", kind, target, kind, ReadOnly | NoSetId | NoDevices | NoPrograms,
                    _program.Text("mode=0555,size=4096"));
            }
            else
            {
                Call("mount", _program.Text(New + first), target, 0, Bind, 0);
            }

            first ??= path;
        }
    }

    private void Attach(string source, string path, long clone, long attributes)
    {
        var tree = ProbeArgument.ResultOf(Call(
            "open_tree", Here, _program.Text(Old + source), Native.TreeClone | Native.CloseOnExec | clone));
        Call(
            "mount_setattr", tree, _empty, Native.EmptyPath | clone, Attributes(attributes), AttributeBytes);
        Call("move_mount", tree, _empty, Here, _program.Text(New + path), FromEmptyPath);
    }

    private void Close(string path) => Call(
        "mount_setattr", Here, _program.Text(New + path), 0, Attributes(ReadOnly | NoSetId | NoDevices),
        AttributeBytes);

    private ProbeArgument Attributes(long set)
    {
        Span<byte> bytes = stackalloc byte[AttributeBytes];
        bytes.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(bytes, set);

        return _program.Bytes(bytes);
    }

    private int Call(string name, params ProbeArgument[] arguments)
    {
        var call = _program.Call(name, arguments);
        _calls.Add(call);

        return call;
    }
}

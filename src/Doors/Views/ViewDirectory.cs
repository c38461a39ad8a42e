using Microsoft.Win32.SafeHandles;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>The directory of one view: records, objects, base pack and the tree itself.</summary>
/// <remarks>Only its owner may list it; a sandbox uid may pass through it to the tree, which is its own.</remarks>
internal sealed class ViewDirectory : IDisposable
{
    public const string TreeName = "tree", UpperName = "upper", PackName = "base.pack";
    public const string ApplyName = "apply";

    private const string ObjectsName = "objects";

    private ViewDirectory(string path, SafeFileHandle handle)
    {
        FullPath = path;
        Handle = handle;
        Objects = new ObjectStore(handle, ObjectsName);
    }

    public string FullPath { get; }

    public SafeFileHandle Handle { get; }

    public ObjectStore Objects { get; }

    public static ViewDirectory Create(string path, bool isPassable)
    {
        Directory.CreateDirectory(path);
        var handle = OpenDirectory(path);
        TreeFiles.ChangeMode(handle, isPassable ? 0x1C9 : 0x1C0);

        return new ViewDirectory(path, handle);
    }

    public static ViewDirectory Open(string path) => new(path, OpenDirectory(path));

    public SafeFileHandle MakeSub(string name, int mode, (uint User, uint Group)? owner)
    {
        if (Native.MakeDirectory(Handle, NameCodec.Terminated(name), 0x1C0) < 0 && Native.Error != Native.Exists)
        {
            throw FileFailure.Of(Native.Error);
        }

        var made = Sub(Handle, name);
        if (owner is { } given)
        {
            TreeFiles.ChangeOwner(made, given.User, given.Group);
        }

        TreeFiles.ChangeMode(made, mode);

        return made;
    }

    public SafeFileHandle Sub(string name) => Sub(Handle, name);

    public void Dispose()
    {
        Objects.Dispose();
        Handle.Dispose();
    }

    private static SafeFileHandle Sub(SafeFileHandle handle, string name) =>
        TreeFiles.TryOpen(handle, name, Native.OpenDirectory) ?? throw FileFailure.Of(Native.Error);

    private static SafeFileHandle OpenDirectory(string path)
    {
        var descriptor = Native.Open(
            NameCodec.Terminated(path), Native.OpenRead | Native.OpenDirectory | Native.OpenCloseOnExec, 0);

        return new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);
    }
}

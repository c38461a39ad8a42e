using System.Runtime.InteropServices;

namespace Reeve.Doors.Processes;

/// <summary>What the kernel knows about one file (statx(2)); links are not followed unless asked.</summary>
internal readonly unsafe partial record struct FileStatus(
    ulong Device, ulong Inode, uint Links, ushort Mode, uint User, long BytesOnDisk, DateTime Changed)
{
    private const int CurrentDirectory = -100, NoFollow = 0x100;
    private const uint BasicFields = 0x7FF;

    public bool IsRegular => (Mode & 0xF000) == 0x8000;

    public bool IsFolder => (Mode & 0xF000) == 0x4000;

    public bool IsLink => (Mode & 0xF000) == 0xA000;

    public static FileStatus? Of(string path, bool follow = false)
    {
        var buffer = stackalloc byte[256];

        if (Ask(CurrentDirectory, path, follow ? 0 : NoFollow, BasicFields, buffer) != 0)
        {
            return null;
        }

        var seconds = *(long*)(buffer + 0x60);
        var nanoseconds = *(uint*)(buffer + 0x68);
        return new FileStatus(
            Device: ((ulong)*(uint*)(buffer + 0x88) << 32) | *(uint*)(buffer + 0x8C),
            Inode: *(ulong*)(buffer + 0x20),
            Links: *(uint*)(buffer + 0x10),
            Mode: *(ushort*)(buffer + 0x1C),
            User: *(uint*)(buffer + 0x14),
            BytesOnDisk: *(long*)(buffer + 0x30) * 512,
            Changed: DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(nanoseconds / 100));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int directory, string path, int flags, uint mask, byte* buffer);
}

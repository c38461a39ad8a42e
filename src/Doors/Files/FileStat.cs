using Reeve.Authority.Mandates;

namespace Reeve.Doors.Files;

/// <summary>What the kernel knows of one file, times in nanoseconds since 1970.</summary>
internal readonly record struct FileStat(
    FileKind Kind,
    int Mode,
    uint User,
    uint Group,
    ulong Inode,
    long Size,
    long ModifiedAt,
    long ChangedAt,
    bool IsWhiteout)
{
    /// <summary>Permission bits with set-id and sticky.</summary>
    public int Permissions => Mode & 0xFFF;

    public static FileStat Of(Native.StatxData data)
    {
        var kind = (data.Mode & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        var isWhiteout = (data.Mode & 0xF000) == 0x2000 && data is { DeviceMajor: 0, DeviceMinor: 0 };

        return new FileStat(
            kind,
            data.Mode,
            data.User,
            data.Group,
            data.Inode,
            (long)data.Size,
            data.ModifiedAt.TotalNanoseconds,
            data.ChangedAt.TotalNanoseconds,
            isWhiteout);
    }

    public DateTimeOffset ModifiedOn => DateTimeOffset.UnixEpoch.AddTicks(ModifiedAt / 100);
}

namespace Reeve.Doors.Files;

/// <summary>How much of a workspace one call may move. The defaults are those of requirement FS-2.</summary>
public sealed record FileLimits(long ReadBytesMax = 50L * 1024 * 1024, long WriteBytesMax = 10L * 1024 * 1024)
{
    public const int PathBytesMax = 4_000;
    public const int NameBytesMax = 255;
    public const int DepthMax = 200;
    public const int LinksMax = 40;

    public static FileLimits Default { get; } = new();
}

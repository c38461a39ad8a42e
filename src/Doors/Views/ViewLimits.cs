namespace Reeve.Doors.Views;

/// <summary>How large a workspace may be to be viewed, and how much of a difference is shown.</summary>
public sealed record ViewLimits(int EntriesMax = 400_000, long TreeBytesMax = 16L * 1024 * 1024 * 1024)
{
    public const int DepthMax = 200;
    public const int DiffFileBytesMax = 1024 * 1024;
    public const int DiffLinesMax = 20_000;
    public const int IgnoreFileBytesMax = 256 * 1024;

    public static ViewLimits Default { get; } = new();
}

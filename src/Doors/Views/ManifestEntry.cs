using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>One path of the user's tree as it was when the view was made.</summary>
/// <param name="Path">Relative to the workspace.</param>
/// <param name="Origin">The user's own file. Present equals this, or the user has changed it since.</param>
/// <param name="LinkTarget">Of a link, else empty.</param>
/// <param name="IsHidden">A device, pipe, socket or unreadable file: not in the view.</param>
/// <param name="Copied">The file in the view right after it was copied; while it stays so it is unchanged.</param>
/// <param name="BaseOffset">Where its content begins in the base pack; -1 where none was kept.</param>
/// <param name="BaseDigest">SHA-256 of its content, empty where not yet known.</param>
internal sealed record ManifestEntry(
    string Path,
    FileStat Origin,
    string LinkTarget,
    bool IsHidden,
    FileStat Copied,
    long BaseOffset,
    string BaseDigest)
{
    /// <summary>The mode in the view: as the original, but never set-id.</summary>
    public int ViewMode => ViewModeOf(Origin);

    public static int ViewModeOf(FileStat origin) => origin.Kind switch
    {
        FileKind.Directory => origin.Permissions & 0x3FF,
        FileKind.Regular => origin.Permissions & 0x1FF,
        _ => 0,
    };

    /// <summary>True where the user's own file is still the one the view was made from.</summary>
    /// <remarks>The times of a directory change with what is in it; its entries are compared for themselves.</remarks>
    public static bool IsSame(FileStat before, FileStat now) =>
        before.Kind == FileKind.Directory
            ? now.Kind == FileKind.Directory && before.Mode == now.Mode
            : before == now;
}

using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>What stands at one path: kind, permission bits, and what is in it.</summary>
/// <param name="Kind">Absent where nothing is.</param>
/// <param name="Mode">Permission bits with set-id and sticky; zero for links, which have none.</param>
/// <param name="Content">SHA-256 of a file, target of a link, type bits of a pipe or socket, else empty.</param>
internal readonly record struct NodeState(NodeKind Kind, int Mode, string Content)
{
    /// <summary>The content of a base file that nobody kept and the user has changed since.</summary>
    public const string Lost = "lost";

    public static NodeState Absent => new(NodeKind.Absent, 0, string.Empty);

    public bool IsSetId => Kind == NodeKind.File && (Mode & 0xC00) != 0;

    public static NodeKind KindOf(FileStat? stat) => stat?.Kind switch
    {
        null => NodeKind.Absent,
        Authority.Mandates.FileKind.Regular => NodeKind.File,
        Authority.Mandates.FileKind.Directory => NodeKind.Directory,
        Authority.Mandates.FileKind.Link => NodeKind.Link,
        _ => NodeKind.Special,
    };
}

internal enum NodeKind
{
    Absent = 0,
    File,
    Directory,
    Link,
    Special,
}

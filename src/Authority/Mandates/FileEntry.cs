namespace Reeve.Authority.Mandates;

/// <summary>One entry of a workspace: its path relative to the workspace, kind and size in bytes.</summary>
public sealed record FileEntry(string Path, FileKind Kind, long Bytes, int Mode, DateTimeOffset ModifiedAt);

/// <summary>What an entry is. <see cref="Other"/> is a device, pipe or socket and can only be listed.</summary>
public enum FileKind
{
    Other = 0,
    Regular,
    Directory,
    Link,
}

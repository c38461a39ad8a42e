using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Says when the workspace has grown past its limit in bytes or in files.</summary>
/// <remarks>
/// The file system is asked first, which costs nothing but counts everybody's writing. Only when it has filled up
/// by the limit are the changed files of this tree added up: those whose change time, which no program can set
/// back, is after the start. Such a walk is bounded, and after one that found little the next waits longer.
/// </remarks>
internal sealed class DiskWatch
{
    /// <summary>Entries looked at in one walk; a tree with more has passed any sane limit on files.</summary>
    public const int EntriesMax = 2_000_000;

    private readonly string _directory;
    private readonly SandboxLimits _limits;
    private readonly TimeProvider _time;
    private readonly DateTime _start;
    private readonly (long Bytes, long Files) _before;
    private readonly Func<IEnumerable<int>> _processes;
    private long _nextWalk;

    public DiskWatch(string directory, SandboxLimits limits, TimeProvider time, Func<IEnumerable<int>> processes)
    {
        _directory = directory;
        _limits = limits;
        _time = time;
        _processes = processes;

        // The clock of file times runs in ticks behind the precise one.
        _start = time.GetUtcNow().UtcDateTime - TimeSpan.FromMilliseconds(20);
        _before = FileSystem.Usage(directory) ?? default;
    }

    public bool IsExceeded(long now)
    {
        if (now < _nextWalk || FileSystem.Usage(_directory) is not { } usage)
        {
            return false;
        }

        // Compressed and deduplicating file systems fill up by less than is written: half of it is reason to look.
        if (usage.Bytes - _before.Bytes <= _limits.DiskBytes / 2
            && usage.Files - _before.Files <= _limits.DiskFiles / 2)
        {
            return false;
        }

        var (bytes, files) = Changed();
        var walked = _time.GetElapsedTime(now);
        _nextWalk = _time.GetTimestamp() + (long)(walked.TotalSeconds * 10 * _time.TimestampFrequency);

        return bytes > _limits.DiskBytes || files > _limits.DiskFiles;
    }

    private (long Bytes, long Files) Changed()
    {
        long bytes = 0, files = 0;
        var looked = 0;
        var open = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.None,
            ReturnSpecialDirectories = false,
        };

        foreach (var path in Directory.EnumerateFileSystemEntries(_directory, "*", open))
        {
            if (++looked > EntriesMax)
            {
                return (bytes, long.MaxValue);
            }

            if (FileStatus.Of(path) is { } status && status.Changed >= _start)
            {
                bytes += status.BytesOnDisk;
                files++;
            }
        }

        return (bytes + Deleted(), files);
    }

    // A file that was deleted while open still fills the disk, and no directory shows it.
    private long Deleted()
    {
        var seen = new HashSet<(ulong, ulong)>();
        long bytes = 0;

        foreach (var process in _processes())
        {
            foreach (var link in ProcessFiles.Descriptors(process))
            {
                if (FileStatus.Of(link, follow: true) is { Links: 0, IsRegular: true } status
                    && seen.Add((status.Device, status.Inode)))
                {
                    bytes += status.BytesOnDisk;
                }
            }
        }

        return bytes;
    }
}

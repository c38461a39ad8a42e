using Reeve.Authority;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>A program of the machine that nobody but its administrator and the user can have put there.</summary>
internal sealed class HostBinary(string path)
{
    private const int SetId = 0xC00, Executable = 0x49, WritableByOthers = 0x12, Sticky = 0x200;

    private readonly (FileStatus? Status, Problem? Refusal) _first = Look(path);

    public string Path => path;

    /// <summary>Sees that it is fit to be started, and that it is the file it was when this process began.</summary>
    public void ThrowUnlessSame()
    {
        var (status, refusal) = Look(path);
        Problem? problem = refusal ?? (Same(status, _first.Status)
            ? null
            : new Problem("host.binary_changed", "The program was replaced since Reeve started; start Reeve again."));

        if (problem is not null)
        {
            throw new ProblemException(problem);
        }
    }

    private static bool Same(FileStatus? now, FileStatus? then) => now is { } one && then is { } other
        && (one.Device, one.Inode, one.Changed, one.Mode, one.User)
            == (other.Device, other.Inode, other.Changed, other.Mode, other.User);

    private static (FileStatus?, Problem?) Look(string path)
    {
        var status = FileStatus.Of(path);

        return status switch
        {
            null => (null, Refused("is not there")),
            { IsRegular: false } => (status, Refused("is a link or no file; name the file itself")),
            { } file when (file.Mode & SetId) != 0 => (status, Refused("takes another identity")),
            { } file when (file.Mode & Executable) == 0 => (status, Refused("cannot be executed")),
            { } file when !IsOurs(file) => (status, Refused("can be changed by others")),
            _ when !FoldersAreOurs(path) =>
                (status, Refused("lies below a link or a folder that others can change")),
            _ => (status, null),
        };
    }

    private static bool FoldersAreOurs(string path)
    {
        for (var folder = System.IO.Path.GetDirectoryName(path); folder is not null;
            folder = System.IO.Path.GetDirectoryName(folder))
        {
            // In a folder like /tmp nobody can rename what belongs to somebody else.
            var isOurs = FileStatus.Of(folder) is { IsFolder: true } status
                && (IsOurs(status) || ((status.Mode & Sticky) != 0 && status.User == 0));

            if (!isOurs)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsOurs(FileStatus status) =>
        (status.User == 0 || status.User == Native.EffectiveUser()) && (status.Mode & WritableByOthers) == 0;

    private static Problem Refused(string why) => new(
        "host.binary_refused", $"The program of this command {why}, so it is not started on the machine.");
}

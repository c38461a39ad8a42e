using Reeve.Authority;

namespace Reeve.Doors.Files;

/// <summary>Turns errno into the refusals that <c>IWorkspaceFiles</c> promises; what is not expected is a
/// bug.</summary>
internal static class FileFailure
{
    public static Exception Of(int error) => error switch
    {
        Native.NoEntry or Native.NotDirectory => Refusal("file.not_found", "There is no such file in the workspace."),
        Native.CrossDevice => Refusal("path.outside_workspace", "The path leads out of the workspace."),
        Native.IsDirectory => Refusal("file.not_regular", "This is a directory; name a file."),
        Native.NoDevice => Refusal("file.not_regular", "This is a device, pipe or socket; name a file."),
        Native.Loop => Refusal("path.link_refused", "The path goes through a link; name the file itself."),
        Native.NameTooLong or Native.Invalid => Refusal("path.invalid", "The path is too long or no name."),
        Native.NoSpace or Native.Quota => Refusal("disk.full", "The disk is full; free some space and try again."),
        Native.AccessDenied or Native.NotPermitted or Native.ReadOnly =>
            Refusal("file.unavailable", "The system does not permit this on the file."),
        Native.Again or Native.NotEmpty or Native.Exists => new ProblemException(
            new Problem("file.unavailable", "The file is being changed; try again.", IsRetryable: true)),
        _ => new IOException($"A file call failed with error {error}.", error),
    };

    public static int ThrowIfFailed(int result) => result >= 0 ? result : throw Of(Native.Error);

    private static ProblemException Refusal(string code, string message) => new(new Problem(code, message));
}

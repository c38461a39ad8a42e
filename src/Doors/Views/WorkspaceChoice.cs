using Reeve.Authority;

namespace Reeve.Doors.Views;

/// <summary>Refuses folders that nobody means as a workspace.</summary>
internal static class WorkspaceChoice
{
    private static readonly string[] s_systemDirectories =
    [
        "/", "/home", "/root", "/etc", "/usr", "/var", "/bin", "/lib", "/sbin",
        "/boot", "/proc", "/sys", "/dev", "/run",
    ];

    /// <summary>Gives the real full path of the workspace.</summary>
    public static string Check(string workspaceDirectory, string viewDirectory)
    {
        Problem.ThrowUnless(
            Directory.Exists(workspaceDirectory),
            "workspace.not_found",
            "There is no such folder, or it may not be entered.");
        var link = Directory.ResolveLinkTarget(Path.GetFullPath(workspaceDirectory), returnFinalTarget: true);
        var full = Path.TrimEndingDirectorySeparator(link?.FullName ?? Path.GetFullPath(workspaceDirectory));

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Problem.ThrowUnless(
            !IsSystem(full) && full != home && !IsAbove(full, home),
            "workspace.refused",
            "The system's own folders and a home directory are no workspace; choose a folder of one project.");
        Problem.ThrowUnless(
            !IsAbove(full, Path.GetFullPath(viewDirectory)),
            "workspace.refused",
            "Reeve keeps its own data in this folder; choose a folder of one project.");

        return full;
    }

    public static bool IsSystem(string full) => s_systemDirectories.Contains(full, StringComparer.Ordinal);

    private static bool IsAbove(string folder, string path) =>
        path.StartsWith(folder + "/", StringComparison.Ordinal);
}

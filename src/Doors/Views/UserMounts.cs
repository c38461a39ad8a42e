using System.Globalization;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Mounts as an ordinary user, in a user and mount namespace that a keeper process holds.</summary>
internal static class UserMounts
{
    private const string Script = """
        cd "$1"
        mount --rbind "$2" lower
        mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,userxattr merged
        echo ready
        exec cat
        """;

    /// <param name="viewDirectory">Holds <c>lower</c>, <c>upper</c>, <c>work</c> and <c>merged</c>.</param>
    public static TreeMount Overlay(string viewDirectory, string workspace)
    {
        var keeper = MountKeeper.Start(
            "unshare",
            [
                "--user", "--mount", "--map-root-user", "--propagation", "private", "--",
                "sh", "-ec", Script, "keeper", viewDirectory, workspace,
            ]);

        try
        {
            var process = string.Create(CultureInfo.InvariantCulture, $"/proc/{keeper.ProcessId}/");
            var merged = Path.Join(viewDirectory, "merged");
            var root = Beneath.OpenRoot(Path.Join(process, "root", merged));
            string[] prefix =
            [
                UtilityPrograms.EnterNamespaces, $"--user={process}ns/user", $"--mount={process}ns/mnt",
                "--preserve-credentials", "--",
            ];

            return new TreeMount(root, new ViewMount(merged, prefix, Uid: null), keeper);
        }
        catch
        {
            keeper.Dispose();
            throw;
        }
    }
}

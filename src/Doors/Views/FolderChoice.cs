using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Views;

/// <summary>Turns folders that a person named into grants to read them, and refuses those nobody means.</summary>
public static class FolderChoice
{
    // Of a longer name the beginning is taken.
    private const int NameChars = 60;

    private static readonly string[] s_kernelFolders = ["/proc", "/sys", "/dev", "/run", "/var/run"];

    /// <param name="directories">Full paths, as they were named.</param>
    /// <param name="workspace">The folder of the run: no other one may lie in it or around it.</param>
    /// <param name="dataDirectory">Where Reeve keeps its own data.</param>
    /// <exception cref="ProblemException"><c>folder.not_found</c>, <c>folder.refused</c>,
    /// <c>folder.too_many</c>.</exception>
    public static IReadOnlyList<FolderGrant> Grant(
        IReadOnlyList<string> directories, string workspace, string dataDirectory)
    {
        Problem.ThrowUnless(
            directories.Count <= FolderGrant.CountMax, "folder.too_many",
            $"At most {FolderGrant.CountMax} folders can be added to a run.");
        var grants = new List<FolderGrant>();

        foreach (var real in directories.Select(each => Check(each, workspace, dataDirectory)).Distinct())
        {
            grants.Add(new FolderGrant(NameFor(real, grants, workspace), real));
        }

        return grants;
    }

    /// <summary>The folder of a grant, opened; refused where another one stands there now.</summary>
    internal static Microsoft.Win32.SafeHandles.SafeFileHandle Open(FolderGrant grant)
    {
        var (handle, real) = TryOpen(grant.Directory);

        if (handle is null || real != grant.Directory)
        {
            handle?.Dispose();
            throw new ProblemException(new Problem(
                "folder.not_found", $"The folder {grant.Root} of this run is not there any more; begin a new run."));
        }

        return handle;
    }

    private static string Check(string directory, string workspace, string dataDirectory)
    {
        var real = RealPathOf(directory);
        Problem.ThrowUnless(
            real is not null, "folder.not_found", "There is no such folder to add, or it may not be entered.");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Problem.ThrowUnless(
            !WorkspaceChoice.IsSystem(real) && !Array.Exists(s_kernelFolders, each => IsIn(real, each))
            && !IsIn(RealPathOf(home) ?? home, real), "folder.refused",
            "The system's own folders and a home directory cannot be added; name a folder of one project.");
        var data = RealPathOf(dataDirectory) ?? Path.GetFullPath(dataDirectory);
        Problem.ThrowUnless(
            !IsIn(real, data) && !IsIn(data, real), "folder.refused",
            "Reeve keeps its own data in this folder or around it; name another one to add.");
        var own = RealPathOf(workspace) ?? workspace;
        Problem.ThrowUnless(
            !IsIn(real, own) && !IsIn(own, real), "folder.refused",
            "A folder to add lies beside the workspace, not in it and not around it.");

        return real;
    }

    private static string NameFor(string directory, List<FolderGrant> others, string workspace)
    {
        var letters = Path.GetFileName(directory).Take(NameChars)
            .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' ? letter : '_');
        var plain = string.Concat(letters);
        var name = plain;

        // Ends: there are fewer other folders, and fewer such names in a workspace, than numbers.
        for (var number = 2; others.Exists(other => other.Name == name)
            || Path.Exists(Path.Join(workspace, "@" + name)); number++)
        {
            name = $"{plain}-{number}";
        }

        return name;
    }

    private static bool IsIn(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string? RealPathOf(string directory)
    {
        var (handle, real) = TryOpen(directory);
        handle?.Dispose();
        return real;
    }

    private static (Microsoft.Win32.SafeHandles.SafeFileHandle? Handle, string? Real) TryOpen(string directory)
    {
        try
        {
            var handle = Beneath.OpenRoot(Path.GetFullPath(directory));
            return (handle, TreeFiles.ReadLink(handle, $"/proc/self/fd/{handle.DangerousGetHandle()}"));
        }
        catch (ProblemException)
        {
            return (null, null);
        }
    }
}

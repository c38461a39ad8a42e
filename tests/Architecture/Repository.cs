using System.Text;

namespace Reeve.Tests.Architecture;

/// <summary>The working copy this test was built from, read as text.</summary>
internal static class Repository
{
    private static readonly string[] s_generatedFolders = ["artifacts", "out", "bin", "obj", ".git", "node_modules"];

    /// <summary>Set by <c>./do docs</c>: generated pages are written instead of compared.</summary>
    public static bool IsRewriting => Environment.GetEnvironmentVariable("REEVE_REWRITE_DOCS") == "1";

    /// <summary>Set by <c>./do docs --accept-debt</c>: lists of debts may grow.</summary>
    public static bool IsAcceptingDebt => Environment.GetEnvironmentVariable("REEVE_ACCEPT_DEBT") == "1";

    public static string Root { get; } = FindRoot();

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path), Encoding.UTF8);

    public static bool Has(string path) => File.Exists(Path.Combine(Root, path));

    public static void Write(string path, string text) => File.WriteAllText(Path.Combine(Root, path), text);

    /// <summary>Files below a folder as paths from the root with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files(string folder, string pattern)
    {
        var start = Path.Combine(Root, folder);
        if (!Directory.Exists(start))
        {
            return [];
        }

        return [.. Below(new DirectoryInfo(start), pattern)
            .Select(file => Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'))
            .Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder, string pattern) =>
        folder.EnumerateFiles(pattern).Where(file => file.LinkTarget is null).Concat(
            folder.EnumerateDirectories()
                .Where(child => child.LinkTarget is null && !s_generatedFolders.Contains(child.Name))
                .SelectMany(child => Below(child, pattern)));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Reeve.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("No Reeve.slnx above the test executable.");
    }
}

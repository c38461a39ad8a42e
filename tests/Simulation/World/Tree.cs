using System.Security.Cryptography;

namespace Reeve.Tests.Simulation.World;

/// <summary>A folder as one text: equal texts, equal trees.</summary>
public static class Tree
{
    public static string Of(string folder) => string.Join('\n', Directory
        .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .Select(path => $"{Path.GetRelativePath(folder, path)} {File.GetUnixFileMode(path)} {ContentOf(path)}"));

    private static string ContentOf(string path) =>
        Directory.Exists(path) ? "/" : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));
}

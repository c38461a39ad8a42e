namespace Reeve.Bench;

/// <summary>A folder beside the program that is gone afterwards; not in /tmp, which is memory on many
/// machines.</summary>
internal sealed class Scratch : IDisposable
{
    private int _made;

    public Scratch(string name)
    {
        Root = Path.Combine(AppContext.BaseDirectory, $"bench-{name}");
        Remove(Root);
        Directory.CreateDirectory(Root);
    }

    public string Root { get; }

    public string NewDirectory(string name)
    {
        var path = Path.Combine(Root, $"{name}-{++_made}");
        Directory.CreateDirectory(
            path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public static long BytesIn(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public static void Remove(string directory)
    {
        if (Directory.Exists(directory))
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public void Dispose() => Remove(Root);
}

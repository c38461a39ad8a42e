namespace Reeve.Storage.Sqlite;

/// <summary>The directory and files of one store: made when missing, and refused when others could read them.</summary>
// The database is the operator's own door: these files are named by configuration, never by a run.
#pragma warning disable RS0030
internal sealed class DataFiles(string directory)
{
    public const string FileName = "journal.db";

    private const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PrivateDirectory = PrivateFile | UnixFileMode.UserExecute;

    public string Path { get; } = System.IO.Path.Combine(directory, FileName);

    /// <summary>Whether the file alone, without its log, holds everything that was committed.</summary>
    public bool IsComplete => new FileInfo($"{Path}-wal") is not { Exists: true, Length: > 0 };

    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(directory, PrivateDirectory);
            ThrowUnlessPrivate(directory, PrivateDirectory);
            MakeFile();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Refused by the system, which is no bug of ours; its words may name paths of the host.
            throw StoreProblems.Refusal(StoreProblems.Unavailable);
        }
    }

    /// <summary>An empty private file for a copy of a store of the given version.</summary>
    public string MakeSnapshotFile(long version)
    {
        var path = $"{Path}.v{version}.snapshot";

        // One that a crash left half-written is made again.
        File.Delete(path);
        Create(path);

        return path;
    }

    private void MakeFile()
    {
        // To open and close a file that SQLite has open would drop its locks (close in fcntl(2)): only a new one.
        if (!File.Exists(Path))
        {
            Create(Path);
        }

        foreach (var file in new[] { Path, $"{Path}-wal", $"{Path}-shm" }.Where(File.Exists))
        {
            ThrowUnlessPrivate(file, PrivateFile);
        }
    }

    private static void ThrowUnlessPrivate(string path, UnixFileMode widest)
    {
        if ((File.GetUnixFileMode(path) & ~widest) != UnixFileMode.None)
        {
            throw StoreProblems.Refusal(StoreProblems.Permissions);
        }
    }

    private static void Create(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite,
            UnixCreateMode = PrivateFile,
        });
    }
}
#pragma warning restore RS0030

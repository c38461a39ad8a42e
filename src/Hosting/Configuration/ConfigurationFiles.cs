#pragma warning disable RS0030 // Configuration is the operator's own; nothing an agent can reach is read here.
using System.Text;
using Reeve.Authority;

namespace Reeve.Hosting.Configuration;

/// <summary>Opens the operator's own files: configuration, the data directory and the log of internal errors.</summary>
public static class ConfigurationFiles
{
    /// <summary>A larger configuration is refused.</summary>
    public const int FileBytesMax = 256 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The text of a configuration file; null when there is none.</summary>
    /// <exception cref="ProblemException">
    /// <c>config.unreadable</c>, <c>config.too_large</c>, <c>config.malformed</c> for bytes that are no UTF-8.
    /// </exception>
    public static string? Read(string path, string name)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
            var bytes = new byte[FileBytesMax + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            Problem.ThrowUnless(
                count <= FileBytesMax, "config.too_large", $"The {name} is larger than {FileBytesMax / 1024} KiB.");

            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, count);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem("config.unreadable", $"The {name} cannot be read."));
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(new Problem("config.malformed", $"The {name} is not UTF-8 text."));
        }
    }

    /// <summary>Further copies of a file that is replaced again and again are refused.</summary>
    public const int BackupsMax = 100;

    /// <summary>Whether anything is under a name, a link to nothing included.</summary>
    public static bool Exists(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

    /// <summary>Writes a file that was not there; what was is kept beside it where it may be replaced.</summary>
    /// <returns>The name of what was kept; null where nothing was there.</returns>
    /// <exception cref="ProblemException"><c>init.exists</c>, <c>init.too_many_backups</c>,
    /// <c>file.unavailable</c></exception>
    public static string? WriteNew(string path, string text, bool mayReplace, bool isPrivate)
    {
        try
        {
            Directory.CreateDirectory(
                Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
            Problem.ThrowUnless(
                mayReplace || !Exists(path), "init.exists",
                $"{Path.GetFileName(path)} is there already; --force writes a new one and keeps the old one as .bak.");
            var kept = Exists(path) ? Keep(path) : null;
            using var file = new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = isPrivate ? OwnerOnly : OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
            });
            file.Write(Encoding.UTF8.GetBytes(text));
            return kept;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(
                "file.unavailable",
                $"{Path.GetFileName(path)} cannot be written; look at the permissions of its folder."));
        }
    }

    private static string Keep(string path)
    {
        var name = Enumerable.Range(1, BackupsMax)
            .Select(number => number == 1 ? $"{path}.bak" : $"{path}.bak{number}")
            .FirstOrDefault(name => !Exists(name));
        Problem.ThrowUnless(
            name is not null, "init.too_many_backups",
            $"{Path.GetFileName(path)} has {BackupsMax} older copies beside it; remove some.");
        File.Move(path, name, overwrite: false);
        return Path.GetFileName(name);
    }

    /// <summary>Makes the data directory, for its owner alone, where it is missing.</summary>
    /// <exception cref="ProblemException"><c>home.unavailable</c></exception>
    public static void MakeHome(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(
                "home.unavailable", "The data directory cannot be made; set REEVE_HOME to a folder you can write to."));
        }
    }

    /// <summary>The folder a person named, absolute and known to be one that can be listed.</summary>
    /// <exception cref="ProblemException"><c>workspace.not_found</c>, <c>workspace.unreadable</c></exception>
    public static string Workspace(string directory, string given)
    {
        Problem.ThrowUnless(
            !given.Contains('\0', StringComparison.Ordinal) && (directory.Length > 0 || Path.IsPathRooted(given)),
            "workspace.not_found", "There is no such folder.");
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(given, directory.Length > 0 ? directory : "/"));

        try
        {
            Problem.ThrowUnless(
                Directory.Exists(path), "workspace.not_found", "There is no such folder; name one that exists.");
            using var entries = Directory.EnumerateFileSystemEntries(path).GetEnumerator();
            entries.MoveNext();
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem(
                "workspace.unreadable", "The folder cannot be read; change its permissions or name another."));
        }

        return path;
    }

    /// <summary>Adds to the log of internal errors, which only its owner reads. A log that cannot be written is
    /// not.</summary>
    public static bool TryLog(string home, string text)
    {
        try
        {
            var folder = Path.Join(home, "logs");
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            using var file = new FileStream(Path.Join(folder, "errors.log"), new FileStreamOptions
            {
                Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = OwnerOnly,
            });
            file.Write(Encoding.UTF8.GetBytes(text));
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}

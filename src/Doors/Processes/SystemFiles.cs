using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Processes;

/// <summary>What of /etc a sandbox shows: files that are copied in, links into /usr, and folders.</summary>
/// <remarks>
/// A mount costs bubblewrap about a hundred times what it takes to copy a small file, because it reads the table of
/// all mounts for each. So the files are opened here and bubblewrap copies them into its own, read-only root.
/// </remarks>
internal sealed class SystemFiles : IDisposable
{
    private const ushort OthersRead = 4;

    private static readonly string[] s_paths =
    [
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/ssl/certs",
        "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/ca-certificates", "/etc/nsswitch.conf", "/etc/localtime",
        "/etc/mime.types", "/etc/fonts", "/etc/protocols", "/etc/services", "/etc/os-release", "/etc/debian_version",
        "/etc/java", "/etc/perl", "/etc/dotnet",
    ];

    // Who is who inside: nothing of the host's own tables.
    private static readonly (string Path, byte[] Content)[] s_identity =
    [
        ("/etc/passwd", Encoding.ASCII.GetBytes(
            $"root:x:0:0:root:/nonexistent:/usr/sbin/nologin\nsandbox:x:{BubblewrapArguments.InnerUser}:" +
            $"{BubblewrapArguments.InnerUser}:sandbox:{BubblewrapArguments.Home}:/bin/sh\n")),
        ("/etc/group", Encoding.ASCII.GetBytes($"root:x:0:\nsandbox:x:{BubblewrapArguments.InnerUser}:\n")),
        ("/etc/hosts", "127.0.0.1 localhost sandbox\n::1 localhost\n"u8.ToArray()),
    ];

    private readonly List<(string Path, string Target)> _links = [];
    private readonly List<(string Path, SafeFileHandle Content)> _files = [];
    private readonly List<(string Path, string Source)> _folders = [];

    private SystemFiles()
    {
    }

    /// <summary>Links whose target lies in /usr, which a sandbox has too.</summary>
    public IReadOnlyList<(string Path, string Target)> Links => _links;

    public IReadOnlyList<(string Path, SafeFileHandle Content)> Files => _files;

    /// <summary>What must be mounted, and from where on the host; the source is no link.</summary>
    public IReadOnlyList<(string Path, string Source)> Folders => _folders;

    public static SystemFiles Open()
    {
        var files = new SystemFiles();

        foreach (var path in s_paths)
        {
            files.Add(path);
        }

        foreach (var (path, content) in s_identity)
        {
            files._files.Add((path, Native.SealedFile(content)));
        }

        return files;
    }

    public void Dispose() => _files.ForEach(file => file.Content.Dispose());

    private void Add(string path)
    {
        if (FileStatus.Of(path) is not { } status)
        {
            return;
        }

        if (!status.IsLink)
        {
            Add(path, path, status);
        }
        else if (File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName is { } target)
        {
            if (target.StartsWith("/usr/", StringComparison.Ordinal))
            {
                _links.Add((path, target));
            }
            else if (FileStatus.Of(target) is { } there)
            {
                Add(path, target, there);
            }
        }
    }

    private void Add(string path, string source, FileStatus status)
    {
        if (status.IsFolder)
        {
            _folders.Add((path, source));
            return;
        }

        // Root must not hand in what the user of the run could not have read by itself.
        if (status.IsRegular && (status.Mode & OthersRead) != 0)
        {
            var file = Native.Open(source, Native.CloseOnExec, mode: 0);

            if (file.IsInvalid)
            {
                file.Dispose();
                return;
            }

            _files.Add((path, file));
        }
    }
}

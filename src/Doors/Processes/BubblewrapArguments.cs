using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>The arguments of bubblewrap for one command (bwrap(1)).</summary>
/// <remarks>
/// They are handed over through a descriptor, because a command line is readable from inside as
/// <c>/proc/1/cmdline</c>. The descriptors have fixed numbers; bubblewrap uses up all of them.
/// </remarks>
internal sealed class BubblewrapArguments
{
    public const int ArgumentsDescriptor = 3, FilterDescriptor = 4, InformationDescriptor = 5, BlockDescriptor = 6;
    public const int StatusDescriptor = 7, FirstDataDescriptor = 8;
    public const string Workspace = "/workspace", Home = "/tmp/home";
    public const uint InnerUser = 65534;

    /// <summary>Identity files of the inside, in the order of their descriptors.</summary>
    public static readonly IReadOnlyList<(string Path, string Content)> DataFiles =
    [
        ("/etc/passwd", $"root:x:0:0:root:/nonexistent:/usr/sbin/nologin\n" +
            $"sandbox:x:{InnerUser}:{InnerUser}:sandbox:{Home}:/bin/sh\n"),
        ("/etc/group", $"root:x:0:\nsandbox:x:{InnerUser}:\n"),
        ("/etc/hosts", "127.0.0.1 localhost sandbox\n::1 localhost\n"),
    ];

    private static readonly string[] s_systemLinks = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    private static readonly string[] s_systemFiles =
    [
        "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/ssl/certs",
        "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/ca-certificates", "/etc/nsswitch.conf", "/etc/localtime",
        "/etc/mime.types", "/etc/fonts", "/etc/protocols", "/etc/services", "/etc/os-release", "/etc/debian_version",
        "/etc/java", "/etc/perl", "/etc/dotnet", "/nix/store",
    ];

    private static readonly string[] s_maskedFiles =
    [
        "/proc/kallsyms", "/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/timer_list", "/proc/sysrq-trigger",
        "/proc/cmdline", "/proc/config.gz", "/proc/modules", "/proc/kmsg", "/proc/partitions", "/proc/diskstats",
        "/proc/swaps", "/proc/interrupts", "/proc/softirqs", "/proc/iomem", "/proc/ioports", "/proc/slabinfo",
        "/proc/vmallocinfo", "/proc/pagetypeinfo", "/proc/kpagecount", "/proc/kpageflags", "/proc/kpagecgroup",
        "/proc/sched_debug", "/proc/latency_stats", "/proc/mdstat", "/proc/crypto", "/proc/bootconfig",
    ];

    private static readonly string[] s_maskedDirectories =
    [
        "/proc/acpi", "/proc/asound", "/proc/scsi", "/proc/fs", "/proc/driver", "/proc/dynamic_debug", "/proc/pressure",
    ];

    private readonly List<string> _arguments = [];

    /// <summary>What stands before the command.</summary>
    public static IReadOnlyList<string> For(
        SandboxProfile profile, WorkspaceBind workspace, IReadOnlyList<string> toolchainSources,
        Command command, IReadOnlyList<(string Inside, string Source)> programs)
    {
        var made = new BubblewrapArguments();
        made.AddIsolation();
        made.AddSystem();
        made.AddMemoryFiles(profile.Limits);
        made.AddToolchains(profile.Toolchains, toolchainSources);
        made.AddWorkspace(workspace);

        foreach (var (inside, source) in programs)
        {
            made.Add("--perms", "0555", "--ro-bind-data", source, inside);
        }

        made.Add("--remount-ro", "/dev").Add("--remount-ro", "/");
        made.Add("--chdir", command.Directory is "." or "" ? Workspace : $"{Workspace}/{command.Directory}");
        made.AddEnvironment(profile, command);
        made.Add("--seccomp", $"{FilterDescriptor}").Add("--info-fd", $"{InformationDescriptor}");
        made.Add("--block-fd", $"{BlockDescriptor}").Add("--json-status-fd", $"{StatusDescriptor}");

        return made._arguments;
    }

    private void AddIsolation()
    {
        var user = $"{InnerUser}";
        Add("--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts");
        Add("--unshare-cgroup-try", "--disable-userns", "--die-with-parent", "--new-session");
        Add("--uid", user, "--gid", user, "--hostname", "sandbox", "--cap-drop", "ALL", "--clearenv");
    }

    private void AddSystem()
    {
        Add("--perms", "0755", "--dir", "/etc", "--ro-bind", "/usr", "/usr");

        foreach (var path in s_systemLinks)
        {
            var link = new DirectoryInfo(path);
            if (link.LinkTarget is { } target)
            {
                Add("--symlink", target.TrimStart('/'), path);
            }
            else if (link.Exists)
            {
                Add("--ro-bind", path, path);
            }
        }

        foreach (var path in s_systemFiles.Where(Path.Exists))
        {
            Add("--ro-bind-try", path, path);
        }

        for (var index = 0; index < DataFiles.Count; index++)
        {
            Add("--perms", "0444", "--ro-bind-data", $"{FirstDataDescriptor + index}", DataFiles[index].Path);
        }

        Add("--proc", "/proc", "--dev", "/dev");

        foreach (var path in s_maskedFiles.Where(File.Exists))
        {
            Add("--ro-bind", "/dev/null", path);
        }

        foreach (var path in s_maskedDirectories.Where(Directory.Exists))
        {
            Add("--perms", "0555", "--size", "4096", "--tmpfs", path, "--remount-ro", path);
        }
    }

    private void AddMemoryFiles(SandboxLimits limits)
    {
        Add("--perms", "1777", "--size", $"{limits.TemporaryBytes}", "--tmpfs", "/tmp");
        Add("--perms", "1777", "--size", $"{limits.TemporaryBytes / 4}", "--tmpfs", "/dev/shm");
        Add("--perms", "0700", "--dir", Home, "--dir", "/var", "--symlink", "../tmp", "/var/tmp", "--dir", "/run");
    }

    private void AddToolchains(IReadOnlyList<ToolchainGrant> toolchains, IReadOnlyList<string> sources)
    {
        for (var index = 0; index < toolchains.Count; index++)
        {
            Add("--ro-bind", sources[index], toolchains[index].Directory);

            foreach (var file in toolchains[index].MaskedFiles)
            {
                Add("--ro-bind", "/dev/null", file);
            }
        }
    }

    private void AddWorkspace(WorkspaceBind workspace)
    {
        var bind = workspace.CanChange ? "--bind" : "--ro-bind";
        Add(bind, workspace.Source, Workspace);

        foreach (var mask in workspace.Masks)
        {
            var path = $"{Workspace}/{mask.Path}";
            _ = mask.Kind switch
            {
                SandboxMaskKind.Pinned => Add(bind, $"{workspace.Source}/{mask.Path}", path),
                SandboxMaskKind.Directory =>
                    Add("--perms", "0555", "--size", "4096", "--tmpfs", path, "--remount-ro", path),
                _ => Add("--ro-bind", "/dev/null", path),
            };
        }
    }

    private void AddEnvironment(SandboxProfile profile, Command command)
    {
        string[] standard = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
        var lent = profile.Toolchains.SelectMany(each => each.SearchPaths);
        var path = string.Join(':', lent.Concat(standard).Distinct(StringComparer.Ordinal));
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = path,
            ["HOME"] = Home,
            ["TMPDIR"] = "/tmp",
            ["USER"] = "sandbox",
            ["LOGNAME"] = "sandbox",
            ["SHELL"] = "/bin/sh",
            ["LANG"] = "C.UTF-8",
            ["TERM"] = "dumb",
            ["PYTHONDONTWRITEBYTECODE"] = "1",
        };

        var lentVariables = profile.Toolchains.SelectMany(each => each.Environment);

        foreach (var (name, value) in lentVariables.Concat(command.Environment))
        {
            variables[name] = value;
        }

        foreach (var (name, value) in variables)
        {
            Add("--setenv", name, value);
        }
    }

    private BubblewrapArguments Add(params ReadOnlySpan<string> arguments)
    {
        _arguments.AddRange(arguments);
        return this;
    }
}

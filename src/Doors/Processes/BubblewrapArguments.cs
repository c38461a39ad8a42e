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
    public const int StatusDescriptor = 7, HoldDescriptor = 8, FirstDataDescriptor = 9;
    public const string Workspace = "/workspace", Home = "/tmp/home";
    public const uint InnerUser = 65534;

    private static readonly string[] s_systemLinks = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"];

    private static readonly string[] s_systemFolders = ["/nix/store"];

    private static readonly string[] s_maskedFiles =
    [
        "/proc/kallsyms", "/proc/kcore", "/proc/keys", "/proc/key-users", "/proc/timer_list", "/proc/sysrq-trigger",
        "/proc/cmdline", "/proc/config.gz", "/proc/modules", "/proc/kmsg", "/proc/partitions", "/proc/diskstats",
        "/proc/swaps", "/proc/interrupts", "/proc/softirqs", "/proc/iomem", "/proc/ioports", "/proc/slabinfo",
        "/proc/vmallocinfo", "/proc/pagetypeinfo", "/proc/kpagecount", "/proc/kpageflags", "/proc/kpagecgroup",
        "/proc/sched_debug", "/proc/latency_stats", "/proc/mdstat", "/proc/crypto", "/proc/bootconfig",
    ];

    private static readonly string[] s_maskedFolders =
    [
        "/proc/acpi", "/proc/asound", "/proc/scsi", "/proc/fs", "/proc/driver", "/proc/dynamic_debug", "/proc/pressure",
    ];

    private readonly List<string> _arguments = [];

    /// <summary>False when there is more to mount late than one program can hold.</summary>
    public static bool CanHelp(SandboxProfile profile, SystemFiles files) => LateMounts.Fit(
        s_maskedFiles.Length + profile.Toolchains.Sum(each => each.MaskedFiles.Count), s_maskedFolders.Length,
        files.Folders.Count);

    /// <summary>The program that makes what <see cref="For"/> then leaves out.</summary>
    public static LateMounts Late(SandboxProfile profile, SystemFiles files) => new(
        [.. s_maskedFiles.Where(File.Exists), .. profile.Toolchains.SelectMany(each => each.MaskedFiles)],
        [.. s_maskedFolders.Where(Directory.Exists)],
        files.Folders);

    /// <summary>What stands before the command.</summary>
    /// <param name="profile">How it is contained.</param>
    /// <param name="trees">The workspace, the toolchains and then the folders, as bubblewrap can reach them.</param>
    /// <param name="workspace">The first of the trees: whether it may be changed, and what of it is covered.</param>
    /// <param name="command">The command.</param>
    /// <param name="files">What of /etc is shown, in the order of their descriptors.</param>
    /// <param name="programs">Executables of our own and their descriptors.</param>
    /// <param name="isHeld">True where a program beside bubblewrap makes the last mounts, which it waits for.</param>
    public static IReadOnlyList<string> For(
        SandboxProfile profile, IReadOnlyList<string> trees, WorkspaceBind workspace, Command command,
        SystemFiles files, IReadOnlyList<(string Inside, int Descriptor)> programs, bool isHeld)
    {
        var made = new BubblewrapArguments();
        made.AddIsolation();
        made.AddSystem(files, isHeld);
        made.AddMemoryFiles(profile.Limits);
        made.AddToolchains(profile.Toolchains, trees);
        made.AddWorkspace(workspace);
        made.AddFolders(profile.Folders, [.. trees.Skip(1 + profile.Toolchains.Count)]);

        foreach (var (inside, source) in programs)
        {
            made.Add("--perms", "0555", "--ro-bind-data", $"{source}", inside);
        }

        if (isHeld)
        {
            // It reads until the pipe is closed, and what it has read goes nowhere.
            made.Add("--file", $"{HoldDescriptor}", "/dev/null");
        }
        else
        {
            made.AddLate(profile);
        }

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

    private void AddSystem(SystemFiles files, bool isHeld)
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

        foreach (var path in s_systemFolders.Where(Path.Exists))
        {
            Add("--ro-bind-try", path, path);
        }

        foreach (var (path, target) in files.Links)
        {
            Add("--symlink", target, path);
        }

        foreach (var (path, source) in files.Folders)
        {
            _ = isHeld ? Add("--dir", path) : Add("--ro-bind-try", source, path);
        }

        for (var index = 0; index < files.Files.Count; index++)
        {
            Add("--perms", "0444", "--file", $"{FirstDataDescriptor + index}", files.Files[index].Path);
        }

        Add("--proc", "/proc", "--dev", "/dev");
    }

    // The same as the program beside bubblewrap makes, where that one cannot: before Linux 5.12, or forbidden.
    private void AddLate(SandboxProfile profile)
    {
        var toolchains = profile.Toolchains.SelectMany(each => each.MaskedFiles);

        foreach (var path in s_maskedFiles.Where(File.Exists).Concat(toolchains))
        {
            Add("--ro-bind", "/dev/null", path);
        }

        foreach (var path in s_maskedFolders.Where(Directory.Exists))
        {
            Add("--perms", "0555", "--size", "4096", "--tmpfs", path, "--remount-ro", path);
        }

        Add("--remount-ro", "/dev").Add("--remount-ro", "/");
    }

    private void AddMemoryFiles(SandboxLimits limits)
    {
        Add("--perms", "1777", "--size", $"{limits.TemporaryBytes}", "--tmpfs", "/tmp");
        Add("--perms", "1777", "--size", $"{limits.TemporaryBytes / 4}", "--tmpfs", "/dev/shm");
        Add("--perms", "0700", "--dir", Home, "--dir", "/var", "--symlink", "../tmp", "/var/tmp", "--dir", "/run");
    }

    private void AddToolchains(IReadOnlyList<ToolchainGrant> toolchains, IReadOnlyList<string> trees)
    {
        for (var index = 0; index < toolchains.Count; index++)
        {
            Add("--ro-bind", trees[index + 1], toolchains[index].Directory);
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

    private void AddFolders(IReadOnlyList<SandboxFolder> folders, IReadOnlyList<string> trees)
    {
        for (var index = 0; index < folders.Count; index++)
        {
            Add("--ro-bind", trees[index], folders[index].Inside);

            foreach (var mask in folders[index].Masks())
            {
                var path = $"{folders[index].Inside}/{mask.Path}";
                _ = mask.Kind == SandboxMaskKind.Directory
                    ? Add("--perms", "0555", "--size", "4096", "--tmpfs", path, "--remount-ro", path)
                    : Add("--ro-bind", "/dev/null", path);
            }
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

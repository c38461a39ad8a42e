using Reeve.Authority;

namespace Reeve.Doors.Processes;

/// <summary>Why a sandbox could not be built, read from what bubblewrap or the kernel said, and how to mend
/// it.</summary>
/// <param name="Cause">What is in the way.</param>
/// <param name="Remedy">What the operator can do about it.</param>
public sealed record SetupFailure(string Cause, string Remedy)
{
    internal const string RemedyMark = " Remedy: ";

    private static readonly SetupFailure s_namespaces = new(
        "this machine does not let unprivileged programs create namespaces",
        "set kernel.unprivileged_userns_clone=1 and user.max_user_namespaces above 0; inside a container allow clone " +
        "and unshare in its seccomp profile");

    private static readonly SetupFailure s_appArmor = new(
        "AppArmor restricts user namespaces of unprivileged programs",
        "install an AppArmor profile for bwrap that allows userns, or set " +
        "kernel.apparmor_restrict_unprivileged_userns=0");

    // The first text that occurs in the message decides, so the narrower ones stand first.
    private static readonly (string Text, SetupFailure Failure)[] s_known =
    [
        ("setting up uid map", s_appArmor),
        ("setting up gid map", s_appArmor),
        ("RTM_NEWADDR", s_appArmor),
        ("RTM_NEWLINK", s_appArmor),
        ("max_*_namespaces", s_namespaces),
        ("Creating new namespace failed", s_namespaces),
        ("No permissions to creat", s_namespaces),
        ("unshare user ns", s_namespaces),
        ("Can't mount proc", new(
            "parts of /proc are covered, as container runtimes do",
            "give the container an unmasked /proc, or use the container tier")),
        ("pivot_root", new(
            "the root file system of this machine cannot be exchanged, as on an initial ramdisk",
            "run Reeve from a mounted root file system")),
        ("Unknown option", new(
            "this bubblewrap is older than the options in use", "install bubblewrap 0.8 or newer")),
        ("PR_SET_SECCOMP", new(
            "the kernel takes no system call filter", "use a kernel that is built with CONFIG_SECCOMP_FILTER")),
        ("Can't chdir to", new(
            "the working directory does not exist in the workspace", "name a directory of the workspace")),
        ("Can't find source path", new(
            "a folder that is bound into the sandbox is missing or cannot be read",
            "check the toolchain folders and the owner of the workspace view")),
        ("Can't create file", new(
            "a folder that is bound into the sandbox leaves no room for a mount below it",
            "check the toolchain folders")),
        ("No space left", new("the disk or the memory is full", "free some of it")),
        ("Cannot allocate memory", new("the machine is out of memory", "free some of it or lower the limits")),
        ("Resource temporarily unavailable", new(
            "the limit on processes of this user is reached", "end other processes or raise the limit")),
    ];

    public static SetupFailure MissingProgram { get; } = new(
        "bubblewrap is not installed", "run: apt-get install bubblewrap");

    public static SetupFailure WindowsSubsystem1 { get; } = new(
        "this is the first Windows Subsystem for Linux, which has no namespaces",
        "upgrade the distribution to version 2");

    public static SetupFailure Unknown { get; } = new(
        "bubblewrap could not build the sandbox", "run: reeve doctor --deep");

    public static SetupFailure Read(string message) =>
        s_known.FirstOrDefault(each => message.Contains(each.Text, StringComparison.Ordinal)).Failure ?? Unknown;

    public Problem ToProblem(string code) => new(code, $"No sandbox: {Cause}.{RemedyMark}{Remedy}.");
}

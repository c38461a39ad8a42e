using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Reeve.Doors.Processes;

/// <summary>Which sockets a command may open inside its own, empty network namespace.</summary>
public enum SandboxNetwork
{
    /// <summary>Only pairs of connected sockets, and the netlink family that lists interfaces.</summary>
    Off = 0,

    /// <summary>Also TCP, UDP and unix sockets; the only interface there is leads back to the sandbox.</summary>
    Loopback,
}

/// <summary>The system call filter of a sandbox, as classic BPF for one processor (seccomp(2)).</summary>
/// <remarks>
/// What is not named is allowed, because a list of allowed calls breaks compilers and browsers. Calls for which
/// the C library has an older way answer "not implemented", so that programs fall back to what a filter can read:
/// arguments behind a pointer are out of its sight. A foreign processor mode or x32 call ends the process.
/// </remarks>
internal static class Seccomp
{
    public const uint ProcessorAmd64 = 0xC000_003E, ProcessorArm64 = 0xC000_00B7;

    /// <summary>The largest System V segment: they outlive their users and no limit of a process counts them.</summary>
    public const uint SharedSegmentBytesMax = 64 << 10;

    /// <summary>The largest System V semaphore set, for the same reason.</summary>
    public const uint SemaphoresMax = 64;

    private const uint NotPermitted = BpfProgram.FailWith | 1, InvalidArgument = BpfProgram.FailWith | 22;
    private const uint NotImplemented = BpfProgram.FailWith | 38, NoSuchFamily = BpfProgram.FailWith | 97;
    private const uint NamespaceFlags = 0x7E02_0000;
    private const uint SetIdBits = 0xC00, Creates = 0x40_0040, FileTypeBits = 0xF000;
    private const uint CharacterDevice = 0x2000, BlockDevice = 0x6000;
    private const uint FamilyUnix = 1, FamilyInternet = 2, FamilyInternet6 = 10, FamilyNetlink = 16;

    internal static readonly string[] NotImplementedCalls =
    [
        "clone3", "fchmodat2", "openat2", "io_uring_setup", "io_uring_enter", "io_uring_register", "userfaultfd",
        "memfd_secret", "statmount", "listmount", "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules",
        "file_setattr", "msgget",
    ];

    internal static readonly string[] NotPermittedCalls =
    [
        "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "process_madvise",
        "process_mrelease", "move_pages", "migrate_pages",
        "mount", "umount2", "fsopen", "fsconfig", "fsmount", "fspick", "open_tree", "open_tree_attr", "move_mount",
        "mount_setattr", "pivot_root", "chroot", "unshare", "setns",
        "bpf", "perf_event_open", "keyctl", "add_key", "request_key", "name_to_handle_at", "open_by_handle_at",
        "fanotify_init", "fanotify_mark", "kexec_load", "kexec_file_load", "init_module", "finit_module",
        "delete_module", "create_module", "query_module", "get_kernel_syms", "reboot", "swapon", "swapoff", "acct",
        "quotactl", "quotactl_fd", "syslog", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
        "sethostname", "setdomainname", "iopl", "ioperm", "modify_ldt", "vhangup",
        "mbind", "set_mempolicy", "get_mempolicy", "set_mempolicy_home_node",
        "uselib", "ustat", "sysfs", "_sysctl", "nfsservctl", "getpmsg", "putpmsg", "afs_syscall", "tuxcall",
        "security", "lookup_dcookie", "epoll_ctl_old", "epoll_wait_old", "remap_file_pages", "vserver",
    ];

    // TIOCSTI types into a terminal, TIOCLINUX pastes into the console, TIOCSETD loads line disciplines and
    // TIOCCONS takes over the kernel's messages (ioctl_tty(2)).
    internal static readonly uint[] NotPermittedControls = [0x5412, 0x541C, 0x5423, 0x541D];

    // The processor and the rules do not change while we run, and every command needs them.
    private static readonly ImmutableArray<byte> s_off = BuildHere(SandboxNetwork.Off);
    private static readonly ImmutableArray<byte> s_loopback = BuildHere(SandboxNetwork.Loopback);
    private static readonly string s_offDigest = Digest(s_off.AsSpan()), s_loopbackDigest = Digest(s_loopback.AsSpan());

    /// <summary>The filter for the processor we run on.</summary>
    public static ImmutableArray<byte> Of(SandboxNetwork network) => network switch
    {
        SandboxNetwork.Off => s_off,
        SandboxNetwork.Loopback => s_loopback,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static string DigestOf(SandboxNetwork network) =>
        network == SandboxNetwork.Loopback ? s_loopbackDigest : s_offDigest;

    public static byte[] Build(Architecture processor, SandboxNetwork network)
    {
        var calls = SystemCalls.For(processor);
        var isAmd64 = processor == Architecture.X64;
        var program = new BpfProgram()
            .Load(BpfProgram.ProcessorOffset)
            .ReturnIfNot(isAmd64 ? ProcessorAmd64 : ProcessorArm64, BpfProgram.KillProcess)
            .Load(BpfProgram.NumberOffset)
            .ReturnIfAtLeast(0x4000_0000, BpfProgram.KillProcess);

        DenyByNumber(program, calls, NotImplementedCalls, NotImplemented);
        DenyByNumber(program, calls, NotPermittedCalls, NotPermitted);
        DenyByArgument(program, calls);
        DenySockets(program, calls, network);

        return program.Return(BpfProgram.Allow).ToBytes();
    }

    private static ImmutableArray<byte> BuildHere(SandboxNetwork network) =>
        ImmutableCollectionsMarshal.AsImmutableArray(Build(RuntimeInformation.ProcessArchitecture, network));

    private static string Digest(ReadOnlySpan<byte> filter) => Convert.ToHexStringLower(SHA256.HashData(filter));

    private static void DenyByNumber(BpfProgram program, SystemCalls calls, string[] names, uint action)
    {
        foreach (var name in names)
        {
            if (calls.Find(name) is { } number)
            {
                program.ReturnIfEqual((uint)number, action);
            }
        }
    }

    private static void DenyByArgument(BpfProgram program, SystemCalls calls)
    {
        On(program, calls, "clone", rule => rule.LoadArgument(0).ReturnIfAnySet(NamespaceFlags, NotPermitted));
        On(program, calls, "ioctl", rule =>
        {
            rule.LoadArgument(1);
            foreach (var control in NotPermittedControls)
            {
                rule.ReturnIfEqual(control, NotPermitted);
            }
        });

        // Zero resets it and all ones only asks.
        On(program, calls, "personality", rule =>
            rule.LoadArgument(0).ReturnIfEqual(uint.MaxValue, BpfProgram.Allow).ReturnIfNot(0, NotPermitted));

        On(program, calls, "shmget", rule => rule
            .LoadArgumentHigh(1).ReturnIfNot(0, InvalidArgument)
            .LoadArgument(1).ReturnIfAbove(SharedSegmentBytesMax, InvalidArgument));

        On(program, calls, "semget", rule => rule.LoadArgument(1).ReturnIfAbove(SemaphoresMax, InvalidArgument));

        foreach (var (name, mode) in new[] { ("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("creat", 1) })
        {
            On(program, calls, name, rule => rule.LoadArgument(mode).ReturnIfAnySet(SetIdBits, NotPermitted));
        }

        // The mode of an open that creates nothing is whatever the register held.
        foreach (var (name, flags) in new[] { ("open", 1), ("openat", 2) })
        {
            On(program, calls, name, rule => rule.LoadArgument(flags).WhenAnySet(Creates, creating =>
                creating.LoadArgument(flags + 1).ReturnIfAnySet(SetIdBits, NotPermitted)));
        }

        foreach (var (name, mode) in new[] { ("mknod", 1), ("mknodat", 2) })
        {
            On(program, calls, name, rule => rule
                .LoadArgument(mode)
                .ReturnIfAnySet(SetIdBits, NotPermitted)
                .Mask(FileTypeBits)
                .ReturnIfEqual(CharacterDevice, NotPermitted)
                .ReturnIfEqual(BlockDevice, NotPermitted));
        }
    }

    private static void DenySockets(BpfProgram program, SystemCalls calls, SandboxNetwork network)
    {
        On(program, calls, "socketpair", rule => rule.LoadArgument(0).ReturnIfNot(FamilyUnix, NoSuchFamily));
        On(program, calls, "socket", rule =>
        {
            rule.LoadArgument(0).WhenEqual(FamilyNetlink, netlink =>
                netlink.LoadArgument(2).ReturnIfNot(0, NoSuchFamily).Return(BpfProgram.Allow));

            if (network == SandboxNetwork.Loopback)
            {
                rule.ReturnIfEqual(FamilyUnix, BpfProgram.Allow)
                    .WhenEqual(FamilyInternet, AllowStreamsAndDatagrams)
                    .WhenEqual(FamilyInternet6, AllowStreamsAndDatagrams);
            }

            rule.Return(NoSuchFamily);
        });
    }

    // Raw and ping sockets and the rarer transports stay closed: type 1 with TCP, type 2 with UDP, no other.
    private static void AllowStreamsAndDatagrams(BpfProgram rule)
    {
        foreach (var (type, transport) in new[] { (1u, 6u), (2u, 17u) })
        {
            rule.LoadArgument(1).Mask(0x0F).WhenEqual(type, named => named
                .LoadArgument(2)
                .ReturnIfEqual(0, BpfProgram.Allow)
                .ReturnIfEqual(transport, BpfProgram.Allow));
        }

        rule.Return(NotPermitted);
    }

    private static void On(BpfProgram program, SystemCalls calls, string name, Action<BpfProgram> rule)
    {
        if (calls.Find(name) is { } number)
        {
            // Each rule ends in an answer: the number is no longer loaded for the rules that follow.
            program.WhenEqual((uint)number, matched =>
            {
                rule(matched);
                matched.Return(BpfProgram.Allow);
            });
        }
    }
}

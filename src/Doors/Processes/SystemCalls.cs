using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace Reeve.Doors.Processes;

/// <summary>The numbers of the system calls we name, for one processor; from its unistd.h.</summary>
/// <remarks>A call that a processor never had is absent: <see cref="Find"/> answers null and no rule is made.</remarks>
internal sealed class SystemCalls
{
    // Name, number on x86-64, number on arm64; a dash where the call does not exist.
    private const string Table = """
        read 0 63
        write 1 64
        open 2 -
        close 3 57
        ioctl 16 29
        shmget 29 194
        getpid 39 172
        socket 41 198
        connect 42 203
        socketpair 53 199
        clone 56 220
        kill 62 129
        semget 64 190
        msgget 68 186
        fchmod 91 52
        chmod 90 -
        creat 85 -
        ptrace 101 117
        syslog 103 116
        setgroups 116 159
        setresuid 117 147
        setresgid 119 149
        mknod 133 -
        uselib 134 -
        personality 135 92
        ustat 136 -
        sysfs 139 -
        vhangup 153 58
        modify_ldt 154 -
        pivot_root 155 41
        _sysctl 156 -
        adjtimex 159 171
        chroot 161 51
        acct 163 89
        settimeofday 164 170
        mount 165 40
        umount2 166 39
        swapon 167 224
        swapoff 168 225
        reboot 169 142
        sethostname 170 161
        setdomainname 171 162
        iopl 172 -
        ioperm 173 -
        create_module 174 -
        init_module 175 105
        delete_module 176 106
        get_kernel_syms 177 -
        query_module 178 -
        quotactl 179 60
        nfsservctl 180 42
        getpmsg 181 -
        putpmsg 182 -
        afs_syscall 183 -
        tuxcall 184 -
        security 185 -
        lookup_dcookie 212 18
        epoll_ctl_old 214 -
        epoll_wait_old 215 -
        remap_file_pages 216 234
        clock_settime 227 112
        exit_group 231 94
        vserver 236 -
        mbind 237 235
        set_mempolicy 238 237
        get_mempolicy 239 236
        kexec_load 246 104
        add_key 248 217
        request_key 249 218
        keyctl 250 219
        migrate_pages 256 238
        openat 257 56
        mknodat 259 33
        fchmodat 268 53
        unshare 272 97
        move_pages 279 239
        perf_event_open 298 241
        fanotify_init 300 262
        fanotify_mark 301 263
        name_to_handle_at 303 264
        open_by_handle_at 304 265
        clock_adjtime 305 266
        setns 308 268
        process_vm_readv 310 270
        process_vm_writev 311 271
        kcmp 312 272
        finit_module 313 273
        kexec_file_load 320 294
        bpf 321 280
        userfaultfd 323 282
        pidfd_send_signal 424 424
        io_uring_setup 425 425
        io_uring_enter 426 426
        io_uring_register 427 427
        open_tree 428 428
        move_mount 429 429
        ppoll 271 73
        fsopen 430 430
        fsconfig 431 431
        fsmount 432 432
        fspick 433 433
        pidfd_open 434 434
        clone3 435 435
        openat2 437 437
        pidfd_getfd 438 438
        process_madvise 440 440
        mount_setattr 442 442
        quotactl_fd 443 443
        memfd_secret 447 447
        process_mrelease 448 448
        set_mempolicy_home_node 450 450
        fchmodat2 452 452
        statmount 457 457
        listmount 458 458
        lsm_get_self_attr 459 459
        lsm_set_self_attr 460 460
        lsm_list_modules 461 461
        open_tree_attr 467 467
        file_setattr 469 469
        """;

    private readonly FrozenDictionary<string, int> _numbers;

    private SystemCalls(int column)
    {
        _numbers = Table
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .Where(parts => parts[column] != "-")
            .ToFrozenDictionary(
                parts => parts[0],
                parts => int.Parse(parts[column], System.Globalization.CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
    }

    public static SystemCalls Amd64 { get; } = new(column: 1);

    public static SystemCalls Arm64 { get; } = new(column: 2);

    public static SystemCalls Current { get; } = For(RuntimeInformation.ProcessArchitecture);

    public int this[string name] => _numbers[name];

    public int? Find(string name) => _numbers.TryGetValue(name, out var number) ? number : null;

    public static SystemCalls For(Architecture processor) => processor switch
    {
        Architecture.X64 => Amd64,
        Architecture.Arm64 => Arm64,
        _ => throw new PlatformNotSupportedException("Reeve knows the system calls of x86-64 and arm64 only."),
    };
}

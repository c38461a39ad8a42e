using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Attacks a sandbox from inside before anything else runs in it.</summary>
/// <remarks>
/// The profile is the one that commands get, not a copy of it. The bait is real: a readable file, a listening
/// socket and a live process of the host, so that only containment can make the attack fail.
/// </remarks>
public sealed class SelfAttack(string directory, TimeProvider time)
{
    public static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(20);

    internal const string ProgramPath = "/reeve-probe";

    // The heading of /proc/net/unix and no line below it; the bait alone would be one.
    private const int SocketListBytesMax = 64;

    /// <summary>Runs every attack of the fast subset.</summary>
    /// <exception cref="ProblemException"><c>sandbox.setup_failed</c> where there is no sandbox to attack.</exception>
    public async Task<SandboxVerification> VerifyAsync(
        SandboxProfile profile, SandboxRoot root, CancellationToken cancellationToken)
    {
        using var bait = SelfAttackBait.Lay(directory);
        var attacks = Attacks(bait);
        var bubblewrap = new Bubblewrap(profile, root, time);
        var run = await bubblewrap.RunAsync(
            new Command([ProgramPath]) { TimeLimit = TimeMax },
            [(ProgramPath, attacks.Program.ToElf())],
            onOutput: null,
            cancellationToken);

        return new SandboxVerification(
            profile.Tier, run.ProfileDigest, run.FilterDigest, attacks.Judge(run.Result.Output.Head.Span, bait));
    }

    internal static AttackList Attacks(SelfAttackBait bait)
    {
        var list = new AttackList();
        AddFiles(list, bait);
        AddNetwork(list, bait);
        AddProcesses(list, bait);
        AddKernel(list);

        return list;
    }

    private static void AddFiles(AttackList list, SelfAttackBait bait)
    {
        const long Here = -100, Read = 0, WriteNew = 0x41, Write = 1, Mode = 0x1B6;
        var program = list.Program;
        list.Expect("read a file outside", program.Call("openat", Here, program.Text(bait.CanaryPath), Read, 0));
        list.Expect("write a file outside", program.Call("openat", Here, program.Text(bait.PlantPath), WriteNew, Mode));
        list.Expect("write to the system", program.Call("openat", Here, program.Text("/usr/planted"), WriteNew, Mode));
        list.Expect("write to the root", program.Call("openat", Here, program.Text("/planted"), WriteNew, Mode));
        list.Expect("write to /dev", program.Call("openat", Here, program.Text("/dev/planted"), WriteNew, Mode));
        list.Expect(
            "write a kernel setting",
            program.Call("openat", Here, program.Text("/proc/sys/kernel/core_pattern"), Write, 0));
        list.Expect("look into /sys", program.Call("openat", Here, program.Text("/sys/kernel"), Read, 0));
        list.Expect("make a device", program.Call("mknodat", Here, program.Text("/tmp/device"), 0x21B6, 0x103));

        var file = program.Call("openat", Here, program.Text("/tmp/set-id"), WriteNew, Mode);
        list.Expect("make a set-user-id file", program.Call("fchmod", ProbeArgument.ResultOf(file), 0x9ED));
        list.Expect(
            "make one by openat2",
            program.Call("openat2", Here, program.Text("/tmp/x"), ProbeArgument.Scratch, 24),
            -38);
        list.Expect("mount", program.Call(
            "mount", program.Text("x"), program.Text("/tmp"), program.Text("tmpfs"), 0, 0));
        list.Expect("mount the new way", program.Call("fsopen", program.Text("tmpfs"), 0));
    }

    private static void AddNetwork(AttackList list, SelfAttackBait bait)
    {
        const long Internet = 2, Unix = 1, Stream = 1, Datagram = 2, Raw = 3;
        var program = list.Program;
        // What may open no socket could still stand in the host's network: the list of sockets tells, as long as
        // this program has none of its own.
        var listed = program.Call("openat", -100, program.Text("/proc/self/net/unix"), 0, 0);
        var bytes = program.Call("read", ProbeArgument.ResultOf(listed), ProbeArgument.Scratch, 4096);
        list.Add("see the sockets of the host", bytes, result => result < SocketListBytesMax);

        var stream = program.Call("socket", Internet, Stream, 0);
        list.Expect("connect to the host", program.Call(
            "connect", ProbeArgument.ResultOf(stream), program.Bytes(Address(IPAddress.Loopback, bait.Port)), 16));
        var datagram = program.Call("socket", Internet, Datagram, 0);
        list.Expect("reach a name server", program.Call(
            "connect",
            ProbeArgument.ResultOf(datagram),
            program.Bytes(Address(IPAddress.Parse("192.0.2.53"), 53)),
            16));
        var local = program.Call("socket", Unix, Stream, 0);
        list.Expect("connect to an abstract socket of the host", program.Call(
            "connect",
            ProbeArgument.ResultOf(local),
            program.Bytes(bait.AbstractAddress),
            bait.AbstractAddress.Length));
        list.Expect("open a raw socket", program.Call("socket", Internet, Raw, 1));
        list.Expect("open a packet socket", program.Call("socket", 17, Raw, 0x300));
        list.Expect("open a virtual machine socket", program.Call("socket", 40, Stream, 0), -97);
        list.Expect("open a kernel crypto socket", program.Call("socket", 38, 5, 0), -97);
        list.Expect("listen to kernel events", program.Call("socket", 16, Raw, 15), -97);
    }

    private static void AddProcesses(AttackList list, SelfAttackBait bait)
    {
        const long NewUser = 0x1000_0000, Terminal = 0x5412;
        var program = list.Program;
        var environment = program.Call("openat", -100, program.Text("/proc/1/environ"), 0, 0);
        var count = program.Call("read", ProbeArgument.ResultOf(environment), ProbeArgument.Scratch, 64);
        list.Add("read the host's environment", count, result => result <= 0);
        list.Expect("signal a process of the host", program.Call("kill", bait.ProcessId, 0));
        list.Expect("hold a process of the host", program.Call("pidfd_open", bait.ProcessId, 0));
        list.Expect("trace a process", program.Call("ptrace", 0, 0, 0, 0), -1);
        list.Expect("read another process", program.Call("process_vm_readv", 1, 0, 0, 0, 0), -1);
        list.Expect("make a user namespace", program.Call("unshare", NewUser));
        list.Expect("make one by clone3", program.Call("clone3", 0, 0), -38);
        list.Expect("enter another namespace", program.Call("setns", 0, 0), -1);
        list.Expect("type into the terminal", program.Call("ioctl", 0, Terminal, ProbeArgument.Scratch), -1);
        list.Expect("change the execution domain", program.Call("personality", 8), -1);
    }

    private static void AddKernel(AttackList list)
    {
        var program = list.Program;
        list.Expect("use io_uring", program.Call("io_uring_setup", 1, ProbeArgument.Scratch), -38);
        list.Expect("use userfaultfd", program.Call("userfaultfd", 1), -38);
        list.Expect("use the key store", program.Call("keyctl", 0, -3, 0, 0), -1);
        list.Expect("load a kernel program", program.Call("bpf", 0, 0, 0), -1);
        list.Expect("count kernel events", program.Call("perf_event_open", ProbeArgument.Scratch, 0, -1, -1, 0), -1);
        list.Expect("open by handle", program.Call("open_by_handle_at", -100, ProbeArgument.Scratch, 0), -1);
        list.Expect("load a module", program.Call("init_module", 0, 0, 0), -1);
        list.Expect("rename the host", program.Call("sethostname", program.Text("x"), 1), -1);
    }

    private static byte[] Address(IPAddress address, int port)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)AddressFamily.InterNetwork);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)port);
        address.GetAddressBytes().CopyTo(bytes, 4);
        return bytes;
    }
}

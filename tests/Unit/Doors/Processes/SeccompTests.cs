using System.Runtime.InteropServices;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Processes;

public sealed class SeccompTests
{
    private const uint Allow = BpfProgram.Allow, Kill = BpfProgram.KillProcess;
    private const ulong HighGarbage = 0xFFFF_FFFF_0000_0000;

    public static TheoryData<Architecture> Processors => [Architecture.X64, Architecture.Arm64];

    [Theory, MemberData(nameof(Processors))]
    public void Denies_every_listed_call_by_number(Architecture processor)
    {
        foreach (var (names, error) in new[] { (Seccomp.NotImplementedCalls, 38u), (Seccomp.NotPermittedCalls, 1u) })
        {
            foreach (var name in names.Where(name => SystemCalls.For(processor).Find(name) is not null))
            {
                Assert.True(Error(error) == Ask(processor, name), name);
            }
        }
    }

    [Theory, MemberData(nameof(Processors))]
    public void Allows_what_programs_live_on(Architecture processor)
    {
        foreach (var name in new[] { "read", "write", "close", "openat", "kill", "connect",
            "exit_group", "pidfd_open" })
        {
            Assert.True(Allow == Ask(processor, name), name);
        }
    }

    [Theory, MemberData(nameof(Processors))]
    public void Kills_a_foreign_processor_mode(Architecture processor)
    {
        const uint Processor386 = 0x4000_0003;
        var filter = Seccomp.Build(processor, SandboxNetwork.Off);
        var other = processor == Architecture.X64 ? Seccomp.ProcessorArm64 : Seccomp.ProcessorAmd64;

        Assert.Equal(Kill, BpfInterpreter.Run(filter, Processor386, number: 20));
        Assert.Equal(Kill, BpfInterpreter.Run(filter, other, number: 20));
    }

    [Fact]
    public void Kills_an_x32_call_whatever_its_number()
    {
        var filter = Seccomp.Build(Architecture.X64, SandboxNetwork.Off);

        Assert.Equal(Kill, BpfInterpreter.Run(filter, Seccomp.ProcessorAmd64, 0x4000_0000));
        Assert.Equal(Kill, BpfInterpreter.Run(filter, Seccomp.ProcessorAmd64, 0x4000_0000 + 39));
        Assert.Equal(Allow, BpfInterpreter.Run(filter, Seccomp.ProcessorAmd64, 0x3FFF_FFFF));
    }

    [Theory, MemberData(nameof(Processors))]
    public void Refuses_clone_each_namespace_flag_and_nothing_else(Architecture processor)
    {
        foreach (var flag in new ulong[]
            { 0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000 })
        {
            Assert.Equal(Error(1), Ask(processor, "clone", flag | 17));
        }

        Assert.Equal(Allow, Ask(processor, "clone", 0x3D_0F00));
    }

    [Theory, MemberData(nameof(Processors))]
    public void Looks_at_the_half_of_an_ioctl_that_the_kernel_reads(Architecture processor)
    {
        foreach (var control in Seccomp.NotPermittedControls)
        {
            Assert.Equal(Error(1), Ask(processor, "ioctl", 0, control));
            Assert.Equal(Error(1), Ask(processor, "ioctl", 0, control | HighGarbage));
        }

        Assert.Equal(Allow, Ask(processor, "ioctl", 0, 0x5401));
    }

    [Theory, MemberData(nameof(Processors))]
    public void Refuses_set_id_bits_wherever_a_mode_is_given(Architecture processor)
    {
        foreach (var bits in new ulong[] { 0x800, 0x400, 0xC00 })
        {
            Assert.Equal(Error(1), Ask(processor, "fchmod", 3, bits | 0x1ED));
            Assert.Equal(Error(1), Ask(processor, "fchmodat", 3, 0, bits | 0x1ED));
            Assert.Equal(Error(1), Ask(processor, "openat", 3, 0, 0x41, bits | 0x1ED));
            Assert.Equal(Error(1), Ask(processor, "openat", 3, 0, 0x41_0000 | 0x40_0000, bits | 0x1ED));
            Assert.Equal(Error(1), Ask(processor, "mknodat", 3, 0, bits | 0x81ED));
        }

        Assert.Equal(Allow, Ask(processor, "fchmod", 3, 0x3ED));
        Assert.Equal(Allow, Ask(processor, "openat", 3, 0, 0x41, 0x1ED));
        Assert.Equal(Allow, Ask(processor, "openat", 3, 0, 0, 0xFFF));
    }

    [Fact]
    public void Refuses_set_id_bits_of_the_older_calls_too()
    {
        Assert.Equal(Error(1), Ask(Architecture.X64, "chmod", 0, 0x9ED));
        Assert.Equal(Error(1), Ask(Architecture.X64, "creat", 0, 0x9ED));
        Assert.Equal(Error(1), Ask(Architecture.X64, "open", 0, 0x41, 0x9ED));
        Assert.Equal(Error(1), Ask(Architecture.X64, "mknod", 0, 0x89ED));
        Assert.Equal(Allow, Ask(Architecture.X64, "chmod", 0, 0x1ED));
        Assert.Equal(Allow, Ask(Architecture.X64, "open", 0, 0, 0xFFF));
    }

    [Theory, MemberData(nameof(Processors))]
    public void Refuses_devices_and_allows_pipes(Architecture processor)
    {
        Assert.Equal(Error(1), Ask(processor, "mknodat", 0, 0, 0x21B6));
        Assert.Equal(Error(1), Ask(processor, "mknodat", 0, 0, 0x61B6));
        Assert.Equal(Allow, Ask(processor, "mknodat", 0, 0, 0x11B6));
        Assert.Equal(Allow, Ask(processor, "mknodat", 0, 0, 0x81B6));
    }

    [Theory, MemberData(nameof(Processors))]
    public void Allows_to_ask_for_the_execution_domain_and_not_to_change_it(Architecture processor)
    {
        Assert.Equal(Error(1), Ask(processor, "personality", 8));
        Assert.Equal(Allow, Ask(processor, "personality", 0));
        Assert.Equal(Allow, Ask(processor, "personality", 0xFFFF_FFFF));
    }

    [Theory, MemberData(nameof(Processors))]
    public void Refuses_a_shared_segment_or_semaphore_set_one_too_large(Architecture processor)
    {
        Assert.Equal(Allow, Ask(processor, "shmget", 0, Seccomp.SharedSegmentBytesMax));
        Assert.Equal(Error(22), Ask(processor, "shmget", 0, Seccomp.SharedSegmentBytesMax + 1ul));
        Assert.Equal(Error(22), Ask(processor, "shmget", 0, 1ul << 32));
        Assert.Equal(Allow, Ask(processor, "semget", 0, Seccomp.SemaphoresMax));
        Assert.Equal(Error(22), Ask(processor, "semget", 0, Seccomp.SemaphoresMax + 1ul));
    }

    [Theory, MemberData(nameof(Processors))]
    public void Without_network_there_are_only_pairs_and_the_list_of_interfaces(Architecture processor)
    {
        Assert.Equal(Allow, Ask(processor, "socketpair", 1, 1));
        Assert.Equal(Error(97), Ask(processor, "socketpair", 2, 1));
        Assert.Equal(Allow, Ask(processor, "socket", 16, 3, 0));
        Assert.Equal(Error(97), Ask(processor, "socket", 16, 3, 15));

        for (var family = 0ul; family < 64; family++)
        {
            Assert.True(family == 16 || Ask(processor, "socket", family, 1, 0) == Error(97), $"family {family}");
        }
    }

    [Theory, MemberData(nameof(Processors))]
    public void Loopback_adds_streams_and_datagrams_and_no_raw_socket(Architecture processor)
    {
        foreach (var family in new ulong[] { 2, 10 })
        {
            Assert.Equal(Allow, Ask(processor, SandboxNetwork.Loopback, "socket", family, 0x8_0001, 6));
            Assert.Equal(Allow, Ask(processor, SandboxNetwork.Loopback, "socket", family, 2, 0));
            Assert.Equal(Error(1), Ask(processor, SandboxNetwork.Loopback, "socket", family, 3, 1));
            Assert.Equal(Error(1), Ask(processor, SandboxNetwork.Loopback, "socket", family, 2, 1));
            Assert.Equal(Error(1), Ask(processor, SandboxNetwork.Loopback, "socket", family, 1, 262));
        }

        Assert.Equal(Allow, Ask(processor, SandboxNetwork.Loopback, "socket", 1, 1, 0));

        foreach (var family in new ulong[] { 17, 31, 38, 40, 44 })
        {
            Assert.Equal(Error(97), Ask(processor, SandboxNetwork.Loopback, "socket", family, 1, 0));
        }
    }

    [Theory, MemberData(nameof(Processors))]
    public void Fits_into_what_the_kernel_takes(Architecture processor)
    {
        var filter = Seccomp.Build(processor, SandboxNetwork.Loopback);

        Assert.InRange(filter.Length / BpfProgram.BytesPerInstruction, 1, BpfProgram.InstructionsMax);
    }

    [Fact]
    public void A_filter_past_the_kernels_limit_is_refused_here()
    {
        var program = new BpfProgram();

        for (var index = 0; index <= BpfProgram.InstructionsMax; index++)
        {
            _ = program.Return(Allow);
        }

        Assert.Throws<InvalidOperationException>(program.ToBytes);
    }

    private static uint Error(uint number) => BpfProgram.FailWith | number;

    private static uint Ask(Architecture processor, string call, params ulong[] arguments) =>
        Ask(processor, SandboxNetwork.Off, call, arguments);

    private static uint Ask(Architecture processor, SandboxNetwork network, string call, params ulong[] arguments) =>
        BpfInterpreter.Run(
            Seccomp.Build(processor, network),
            processor == Architecture.X64 ? Seccomp.ProcessorAmd64 : Seccomp.ProcessorArm64,
            SystemCalls.For(processor)[call],
            arguments);
}

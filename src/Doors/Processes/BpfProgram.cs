using System.Buffers.Binary;

namespace Reeve.Doors.Processes;

/// <summary>Writes a seccomp filter in classic BPF (linux/filter.h, seccomp(2)), instruction by instruction.</summary>
/// <remarks>
/// Jumps lead forward only and over at most 255 instructions, as the kernel demands; a longer one throws here
/// and not at the first command of a run.
/// </remarks>
internal sealed class BpfProgram
{
    /// <summary>The kernel takes no longer filter (BPF_MAXINSNS).</summary>
    public const int InstructionsMax = 4096;

    public const int BytesPerInstruction = 8;
    public const uint Allow = 0x7FFF_0000, KillProcess = 0x8000_0000, FailWith = 0x0005_0000;
    public const ushort LoadWord = 0x20, MaskWord = 0x54, JumpEqual = 0x15, JumpAtLeast = 0x35, JumpAnySet = 0x45;
    public const ushort JumpGreater = 0x25, ReturnValue = 0x06;
    public const uint NumberOffset = 0, ProcessorOffset = 4, FirstArgumentOffset = 16;

    private readonly List<(ushort Code, byte IfTrue, byte IfFalse, uint Value)> _instructions = [];

    public BpfProgram Load(uint offset) => Add(LoadWord, 0, 0, offset);

    /// <summary>Loads the low half of an argument: the part that the kernel reads where it takes an int.</summary>
    public BpfProgram LoadArgument(int index) => Load(FirstArgumentOffset + ((uint)index * 8));

    public BpfProgram LoadArgumentHigh(int index) => Load(FirstArgumentOffset + ((uint)index * 8) + 4);

    public BpfProgram Mask(uint bits) => Add(MaskWord, 0, 0, bits);

    public BpfProgram Return(uint action) => Add(ReturnValue, 0, 0, action);

    public BpfProgram ReturnIfEqual(uint value, uint action) => Add(JumpEqual, 0, 1, value).Return(action);

    public BpfProgram ReturnIfNot(uint value, uint action) => Add(JumpEqual, 1, 0, value).Return(action);

    public BpfProgram ReturnIfAtLeast(uint value, uint action) => Add(JumpAtLeast, 0, 1, value).Return(action);

    public BpfProgram ReturnIfAbove(uint value, uint action) => Add(JumpGreater, 0, 1, value).Return(action);

    public BpfProgram ReturnIfAnySet(uint bits, uint action) => Add(JumpAnySet, 0, 1, bits).Return(action);

    public BpfProgram WhenEqual(uint value, Action<BpfProgram> then) => Branch(JumpEqual, value, then);

    public BpfProgram WhenAnySet(uint bits, Action<BpfProgram> then) => Branch(JumpAnySet, bits, then);

    public byte[] ToBytes()
    {
        if (_instructions.Count > InstructionsMax)
        {
            throw new InvalidOperationException("The filter is longer than the kernel takes.");
        }

        var bytes = new byte[_instructions.Count * BytesPerInstruction];

        for (var index = 0; index < _instructions.Count; index++)
        {
            var (code, ifTrue, ifFalse, value) = _instructions[index];
            var target = bytes.AsSpan(index * BytesPerInstruction);
            BinaryPrimitives.WriteUInt16LittleEndian(target, code);
            target[2] = ifTrue;
            target[3] = ifFalse;
            BinaryPrimitives.WriteUInt32LittleEndian(target[4..], value);
        }

        return bytes;
    }

    private BpfProgram Branch(ushort jump, uint value, Action<BpfProgram> then)
    {
        var inner = new BpfProgram();
        then(inner);
        Add(jump, 0, checked((byte)inner._instructions.Count), value);
        _instructions.AddRange(inner._instructions);

        return this;
    }

    private BpfProgram Add(ushort code, byte ifTrue, byte ifFalse, uint value)
    {
        _instructions.Add((code, ifTrue, ifFalse, value));
        return this;
    }
}

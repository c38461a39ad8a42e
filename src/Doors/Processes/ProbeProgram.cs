using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Reeve.Doors.Processes;

/// <summary>A tiny static program that makes a list of system calls and writes down what each returned
/// (elf(5)).</summary>
/// <remarks>
/// It needs no shell, no library and no interpreter, so a self-attack is the same on every machine, and each
/// attack is exactly the call it says. Results are eight bytes each, as the kernel gave them: below zero is an error.
/// </remarks>
internal sealed class ProbeProgram
{
    public const int CallsMax = 256, ScratchBytes = 4096;

    private const ulong Base = 0x40_0000;
    private const int HeaderBytes = 64 + 56;

    private readonly List<(int Number, ProbeArgument[] Arguments)> _calls = [];
    private readonly List<byte> _data = [];

    /// <summary>Adds a call; its index names its result.</summary>
    public int Call(string name, params ProbeArgument[] arguments)
    {
        if (_calls.Count == CallsMax)
        {
            throw new InvalidOperationException("A probe makes no more calls.");
        }

        // A number that no kernel knows answers as a kernel without the call does.
        _calls.Add((SystemCalls.Current.Find(name) ?? 1_023, arguments));
        return _calls.Count - 1;
    }

    public ProbeArgument Text(string text) => Bytes(Encoding.UTF8.GetBytes(text + '\0'));

    public ProbeArgument Bytes(ReadOnlySpan<byte> bytes)
    {
        var offset = _data.Count;
        _data.AddRange(bytes);
        _data.AddRange(new byte[(8 - (_data.Count % 8)) % 8]);

        return new ProbeArgument(ProbeArgumentKind.Data, (ulong)offset);
    }

    public byte[] ToElf()
    {
        var processor = RuntimeInformation.ProcessArchitecture;

        // The size of the code does not depend on the addresses in it, so a first pass finds them.
        var length = Code(processor, dataAt: 0).Length;
        var dataAt = Base + (ulong)((HeaderBytes + length + 15) / 16 * 16);
        var code = Code(processor, dataAt);
        var fileBytes = (int)(dataAt - Base) + _data.Count;
        var file = new byte[fileBytes];
        WriteHeader(file, processor, fileBytes);
        code.CopyTo(file.AsSpan(HeaderBytes));
        _data.ToArray().CopyTo(file.AsSpan((int)(dataAt - Base)));

        return file;
    }

    private byte[] Code(Architecture processor, ulong dataAt)
    {
        var results = dataAt + (ulong)_data.Count;
        var scratch = results + (CallsMax * 8);
        var code = new List<byte>();

        for (var index = 0; index < _calls.Count; index++)
        {
            var (number, arguments) = _calls[index];
            Emit(processor, code, number, [.. arguments.Select(Resolve)], results + ((ulong)index * 8));
        }

        (bool, ulong)[] output = [(false, 1), (false, results), (false, (ulong)_calls.Count * 8)];
        Emit(processor, code, SystemCalls.Current["write"], output, scratch);
        Emit(processor, code, SystemCalls.Current["exit_group"], [(false, 0)], scratch);

        return [.. code];

        (bool, ulong) Resolve(ProbeArgument argument) => argument.Kind switch
        {
            ProbeArgumentKind.Value => (false, argument.Value),
            ProbeArgumentKind.Data => (false, dataAt + argument.Value),
            ProbeArgumentKind.Scratch => (false, scratch),
            ProbeArgumentKind.Result => (true, results + (argument.Value * 8)),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static void Emit(
        Architecture processor, List<byte> code, int number, (bool IsMemory, ulong Value)[] arguments, ulong result)
    {
        if (processor == Architecture.X64)
        {
            EmitAmd64(code, number, arguments, result);
        }
        else
        {
            EmitArm64(code, number, arguments, result);
        }
    }

    private static void EmitAmd64(List<byte> code, int number, (bool IsMemory, ulong Value)[] arguments, ulong result)
    {
        // Arguments go to rdi, rsi, rdx, r10, r8, r9: prefix, number of the register.
        (byte Prefix, int Register)[] registers = [(0x48, 7), (0x48, 6), (0x48, 2), (0x49, 2), (0x49, 0), (0x49, 1)];

        for (var index = 0; index < arguments.Length; index++)
        {
            var (prefix, register) = registers[index];
            var (isMemory, value) = arguments[index];

            if (isMemory)
            {
                // mov register, [address]
                code.AddRange([(byte)(prefix == 0x49 ? 0x4C : 0x48), 0x8B, (byte)(0x04 | (register << 3)), 0x25]);
                code.AddRange(BitConverter.GetBytes((uint)value));
            }
            else
            {
                // mov register, value
                code.AddRange([prefix, (byte)(0xB8 + register)]);
                code.AddRange(BitConverter.GetBytes(value));
            }
        }

        // mov eax, number · syscall · mov [address], rax
        code.Add(0xB8);
        code.AddRange(BitConverter.GetBytes(number));
        code.AddRange([0x0F, 0x05, 0x48, 0x89, 0x04, 0x25]);
        code.AddRange(BitConverter.GetBytes((uint)result));
    }

    private static void EmitArm64(List<byte> code, int number, (bool IsMemory, ulong Value)[] arguments, ulong result)
    {
        const uint Scratch = 9, Number = 8;

        for (var index = 0; index < arguments.Length; index++)
        {
            var (isMemory, value) = arguments[index];
            Move(isMemory ? Scratch : (uint)index, value);

            if (isMemory)
            {
                // ldr xN, [x9]
                Add(0xF940_0000 | (Scratch << 5) | (uint)index);
            }
        }

        Move(Number, (ulong)number);
        Add(0xD400_0001);
        Move(Scratch, result);

        // str x0, [x9]
        Add(0xF900_0000 | (Scratch << 5));

        void Move(uint register, ulong value)
        {
            // movz and three movk, sixteen bits each, so that the length is always the same.
            for (var part = 0; part < 4; part++)
            {
                var bits = (uint)(value >> (part * 16)) & 0xFFFF;
                Add((part == 0 ? 0xD280_0000 : 0xF280_0000) | ((uint)part << 21) | (bits << 5) | register);
            }
        }

        void Add(uint instruction) => code.AddRange(BitConverter.GetBytes(instruction));
    }

    private static void WriteHeader(Span<byte> file, Architecture processor, int fileBytes)
    {
        ReadOnlySpan<byte> identity = [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0];
        identity.CopyTo(file);
        Short(file, 16, 2);
        Short(file, 18, (ushort)(processor == Architecture.X64 ? 62 : 183));
        Word(file, 20, 1);
        Long(file, 24, Base + HeaderBytes);
        Long(file, 32, 64);
        Short(file, 52, 64);
        Short(file, 54, 56);
        Short(file, 56, 1);

        // One loadable segment that may be read, written and executed.
        Word(file, 64, 1);
        Word(file, 68, 7);
        Long(file, 64 + 16, Base);
        Long(file, 64 + 24, Base);
        Long(file, 64 + 32, (ulong)fileBytes);
        Long(file, 64 + 40, (ulong)fileBytes + (CallsMax * 8) + ScratchBytes);
        Long(file, 64 + 48, 0x1_0000);
    }

    private static void Short(Span<byte> file, int at, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(file[at..], value);

    private static void Word(Span<byte> file, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(file[at..], value);

    private static void Long(Span<byte> file, int at, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(file[at..], value);
}

/// <summary>What a probe hands to a call.</summary>
internal readonly record struct ProbeArgument(ProbeArgumentKind Kind, ulong Value)
{
    /// <summary>Room that a call may write into.</summary>
    public static ProbeArgument Scratch => new(ProbeArgumentKind.Scratch, 0);

    public static implicit operator ProbeArgument(long value) => new(ProbeArgumentKind.Value, (ulong)value);

    /// <summary>What an earlier call returned.</summary>
    public static ProbeArgument ResultOf(int call) => new(ProbeArgumentKind.Result, (ulong)call);
}

internal enum ProbeArgumentKind
{
    Value = 0,
    Data,
    Scratch,
    Result,
}

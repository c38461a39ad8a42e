using System.Runtime.InteropServices;

namespace Reeve.Doors.Terminals;

/// <summary>The calls of a terminal: termios(3), tty_ioctl(2), kill(2).</summary>
internal static partial class NativeTerminal
{
    public const int SetNow = 0, TerminalStop = 20;

    /// <summary>struct termios has 60 bytes with glibc and musl; more is never written.</summary>
    public const int ModesBytes = 128;

    /// <summary>c_oflag is the second word of struct termios.</summary>
    public const int OutputModesAt = 4;

    private const nuint GetWindowSize = 0x5413;

    public static (int Columns, int Rows)? SizeOf(int descriptor)
    {
        var size = default(WindowSize);
        return Ioctl(descriptor, GetWindowSize, ref size) == 0 && size is { Columns: > 0, Rows: > 0 }
            ? (size.Columns, size.Rows)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "isatty")]
    public static partial int IsTerminal(int descriptor);

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    public static partial int GetModes(int descriptor, Span<byte> modes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    public static partial int SetModes(int descriptor, int when, ReadOnlySpan<byte> modes);

    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    public static partial void MakeRaw(Span<byte> modes);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "getsid")]
    public static partial int SessionOf(int process);

    [LibraryImport("libc", EntryPoint = "getppid")]
    public static partial int ParentOf();

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int descriptor, nuint request, ref WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows, Columns, Width, Height;
    }
}

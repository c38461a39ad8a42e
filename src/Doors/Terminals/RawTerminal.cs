using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Terminals;

/// <summary>The terminal of this process, handed over key by key and given back as it was (termios(3)).</summary>
/// <remarks>
/// Raw means: no echo, no line editing, no signals from keys; what is written is still processed, so that a
/// newline returns the carriage. The modes that were found are set again by <see cref="Leave"/>, which may be called
/// from any thread and any number of times, and is called on every exit of the process that can be seen coming.
/// </remarks>
public sealed class RawTerminal : IDisposable
{
    private const int Input = 0, Output = 1, Errors = 2;

    // Marks around what is pasted (DECSET 2004), so that a newline in it is no Enter.
    private static readonly byte[] s_begin = Encoding.ASCII.GetBytes("\u001b[?2004h");
    private static readonly byte[] s_end = Encoding.ASCII.GetBytes("\u001b[?2004l\u001b[?25h\u001b[0m");

    private readonly Lock _lock = new();
    private readonly byte[] _found = new byte[NativeTerminal.ModesBytes];
    private readonly byte[] _raw = new byte[NativeTerminal.ModesBytes];
    private bool _isRaw;

    private RawTerminal()
    {
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        AppDomain.CurrentDomain.UnhandledException += OnExit;
    }

    // The streams of the runtime would set modes and send sequences of their own.

    /// <summary>What is typed, byte by byte as it comes.</summary>
    public Stream Keyboard { get; } = Of(Input, FileAccess.Read);

    /// <summary>What is sent to be seen.</summary>
    public Stream Screen { get; } = Of(Output, FileAccess.Write);

    /// <summary>Whether anybody is there who could let this process go on after it was stopped.</summary>
    public static bool CanSuspend =>
        NativeTerminal.SessionOf(NativeTerminal.ParentOf()) == NativeTerminal.SessionOf(0);

    /// <summary>Columns and rows as they are now; 80 × 24 where nobody knows.</summary>
    public static (int Columns, int Rows) Size =>
        NativeTerminal.SizeOf(Output) ?? NativeTerminal.SizeOf(Errors) ?? (80, 24);

    /// <returns>Null where standard input or output is no terminal, or its modes cannot be read.</returns>
    public static RawTerminal? TryOpen()
    {
        if (NativeTerminal.IsTerminal(Input) == 0 || NativeTerminal.IsTerminal(Output) == 0)
        {
            return null;
        }

        var terminal = new RawTerminal();

        if (NativeTerminal.GetModes(Input, terminal._found) != 0)
        {
            terminal.Dispose();
            return null;
        }

        terminal._found.CopyTo(terminal._raw, 0);
        NativeTerminal.MakeRaw(terminal._raw);
        terminal._found.AsSpan(NativeTerminal.OutputModesAt, sizeof(uint))
            .CopyTo(terminal._raw.AsSpan(NativeTerminal.OutputModesAt));
        return terminal;
    }

    public void Enter()
    {
        lock (_lock)
        {
            NativeTerminal.SetModes(Input, NativeTerminal.SetNow, _raw);
            _isRaw = true;
            Write(s_begin);
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            if (_isRaw)
            {
                _isRaw = false;
                Write(s_end);
                NativeTerminal.SetModes(Input, NativeTerminal.SetNow, _found);
            }
        }
    }

    /// <summary>Stops this process and those of its job, as the key for it does in other programs.</summary>
    public void Suspend()
    {
        Leave();

        // Where it cannot be stopped it goes on, and takes the terminal again with the next key.
        _ = NativeTerminal.Kill(0, NativeTerminal.TerminalStop);
    }

    public void Dispose()
    {
        Leave();
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        AppDomain.CurrentDomain.UnhandledException -= OnExit;
        Keyboard.Dispose();
        Screen.Dispose();
    }

    private static FileStream Of(int descriptor, FileAccess access) =>
        new(new SafeFileHandle(descriptor, ownsHandle: false), access, bufferSize: 0);

    private void OnExit(object? sender, EventArgs arguments) => Leave();

    private void Write(byte[] sequence)
    {
        try
        {
            Screen.Write(sequence);
            Screen.Flush();
        }
        catch (IOException)
        {
            // The terminal was closed; there is nobody to see it.
        }
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Tests.Scenarios.Interactive;

/// <summary>The built command in a pseudo terminal (pty(7)): keys go in, a screen comes out.</summary>
internal sealed partial class Pty : IDisposable
{
    private const int ReadWriteNoTerminal = 0x102;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly SafeFileHandle _master, _slave;
    private readonly FileStream _stream;
    private readonly Process _process;
    private readonly Screen _screen;
    private readonly StringBuilder _raw = new();
    private readonly Lock _lock = new();
    private readonly string _name;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Pty(
        string folder, IReadOnlyDictionary<string, string> environment, int columns, int rows, string[] arguments)
    {
        _screen = new Screen(columns, rows);
        _master = new SafeFileHandle(OpenMaster(ReadWriteNoTerminal), ownsHandle: true);
        var name = new byte[128];

        if (Grant(_master) != 0 || Unlock(_master) != 0 || NameOf(_master, name, (nuint)name.Length) != 0)
        {
            throw new InvalidOperationException("No pseudo terminal.");
        }

        _name = Encoding.ASCII.GetString(name).TrimEnd('\0');

        // Held open, so that its modes can be asked for after the command has ended.
        _slave = File.OpenHandle(_name, FileMode.Open, FileAccess.ReadWrite);
        Resize(columns, rows);
        ModesBefore = Modes();
        _stream = new FileStream(_master, FileAccess.ReadWrite, bufferSize: 0);
        var start = new ProcessStartInfo(
            "/bin/sh",
            ["-c", $"exec setsid -c \"$0\" \"$@\" < {_name} > {_name} 2>&1",
                Path.Join(AppContext.BaseDirectory, "reeve"), .. arguments])
        {
            WorkingDirectory = folder,
        };
        start.Environment["TERM"] = "xterm-256color";

        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        _process = Process.Start(start)!;
        Reading = Task.Run(ReadAsync);
    }

    public Task Reading { get; }

    public string ModesBefore { get; }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    public string Raw => Locked(() => _raw.ToString());

    public string Text => Locked(() => _screen.Text);

    public IReadOnlyList<string> Lines => Locked(() => _screen.Lines);

    public IReadOnlyList<string> Strange => Locked(() => (IReadOnlyList<string>)[.. _screen.Strange]);

    public bool MarksPastes => Locked(() => _screen.MarksPastes);

    public (int Row, int Column) Cursor => Locked(() => _screen.Cursor);

    public void Type(string keys)
    {
        _stream.Write(Encoding.UTF8.GetBytes(keys));
        _stream.Flush();
    }

    public void Enter(string line) => Type(line + "\r");

    public void Paste(string text) => Type($"\u001b[200~{text}\u001b[201~");

    /// <summary>Waits until all of these are to be seen, here or above.</summary>
    public Task SeesAsync(params string[] texts) => UntilAsync(
        () => texts.All(text => _screen.Text.Contains(text, StringComparison.Ordinal)), string.Join(" & ", texts));

    /// <summary>Waits until the prompt, the lowest line that begins with one, holds exactly this.</summary>
    public Task PromptsAsync(string text) => UntilAsync(
        () => _screen.Lines.LastOrDefault(line => line.StartsWith('›')) is { } prompt
            && prompt[1..].Trim() == text, $"prompt '{text}'");

    /// <summary>Waits until nothing runs and the prompt is empty.</summary>
    public Task IdleAsync() => UntilAsync(
        () => _screen.Lines.LastOrDefault(line => line.Length > 0) is { } footer
            && footer.Contains(" · ", StringComparison.Ordinal)
            && !footer.Contains("Esc interrupts", StringComparison.Ordinal)
            && _screen.Lines.LastOrDefault(line => line.StartsWith('›'))?.Trim() == "›", "the empty prompt");

    public async Task UntilAsync(Func<bool> isSo, string what)
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);

        while (true)
        {
            Task changed;

            lock (_lock)
            {
                if (isSo())
                {
                    return;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new InvalidOperationException($"Never seen: {what}\n--- screen ---\n{Text}");
            }
        }
    }

    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience, TimeProvider.System);

        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"It did not end.\n--- screen ---\n{Text}");
        }

        return _process.ExitCode;
    }

    public void Resize(int columns, int rows)
    {
        var size = new WindowSize { Rows = (ushort)rows, Columns = (ushort)columns };
        _ = SetSize(_master, 0x5414, ref size);
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>The modes of the terminal, in the words of stty.</summary>
    public string Modes()
    {
        var start = new ProcessStartInfo("stty", ["-g", "-F", _name]) { RedirectStandardOutput = true };
        using var stty = Process.Start(start)!;
        return stty.StandardOutput.ReadToEnd();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
        _slave.Dispose();
        _stream.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var decoder = Encoding.UTF8.GetDecoder();
        var text = new char[buffer.Length];

        try
        {
            while (await _stream.ReadAsync(buffer) is > 0 and var count)
            {
                var length = decoder.GetChars(buffer, 0, count, text, 0);
                TaskCompletionSource changed;

                lock (_lock)
                {
                    _raw.Append(text, 0, length);
                    _screen.Write(new string(text, 0, length));
                    changed = _changed;
                    _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }

                changed.SetResult();
            }
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            // Its other side is gone.
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt", SetLastError = true)]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(SafeFileHandle master);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int NameOf(SafeFileHandle master, byte[] name, nuint length);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int SetSize(SafeFileHandle master, nuint request, ref WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private struct WindowSize
    {
        public ushort Rows, Columns, Width, Height;
    }
}

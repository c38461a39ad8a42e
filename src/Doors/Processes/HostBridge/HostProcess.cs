using System.ComponentModel;
using System.Diagnostics;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>One process on the machine, from its start to the end of all that it started.</summary>
internal sealed class HostProcess(
    string binary, IReadOnlyList<string> arguments, string directory, HostBridge bridge)
{
    private const int PieceBytes = 16 * 1024, HeadBytes = 64 * 1024, TailBytes = 64 * 1024;

    private readonly CapturedOutput _output = new(HeadBytes, TailBytes);
    private readonly CapturedOutput _errorOutput = new(HeadBytes, TailBytes);
    private readonly Lock _one = new();
    private readonly string _mark = $"{Environment.ProcessId}-{bridge.Time.GetTimestamp()}";
    private bool _isTooMuch;

    public async Task<CommandResult> RunAsync(Action<OutputChunk>? onOutput, CancellationToken cancellationToken)
    {
        using var process = Start();
        process.StandardInput.Close();
        var began = bridge.Time.GetTimestamp();
        using var late = new CancellationTokenSource(bridge.Limits.Time, bridge.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var limit = CommandLimit.None;

        try
        {
            await ReadBothAsync(process, onOutput, ending.Token);
            await process.WaitForExitAsync(ending.Token);
        }
        catch (OperationCanceledException)
        {
            End(process);
            await process.WaitForExitAsync(CancellationToken.None);
            cancellationToken.ThrowIfCancellationRequested();
            limit = CommandLimit.WallTime;
        }

        limit = _isTooMuch ? CommandLimit.Output : limit;

        return new CommandResult(
            limit == CommandLimit.None ? process.ExitCode : null, null, limit, _output.ToText(), _errorOutput.ToText(),
            bridge.Time.GetElapsedTime(began), MemoryBytesPeak: 0, SandboxTier: "host", ChangedFiles: false);
    }

    private async Task ReadBothAsync(Process process, Action<OutputChunk>? onOutput, CancellationToken ending)
    {
        var output = ReadAsync(process, isError: false, onOutput, ending);
        var errorOutput = ReadAsync(process, isError: true, onOutput, ending);
        await Task.WhenAll(output, errorOutput);
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(binary, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["TERM"] = "dumb";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment[HostLeftovers.Variable] = _mark;

        if (bridge.Home is { } home)
        {
            start.Environment["HOME"] = home;
        }

        try
        {
            OwnDescriptors.KeepFromChildren();
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new ProblemException(
                new Problem("host.not_started", "The machine could not start the program of this command."));
        }
    }

    private async Task ReadAsync(
        Process process, bool isError, Action<OutputChunk>? onOutput, CancellationToken ending)
    {
        var stream = (isError ? process.StandardError : process.StandardOutput).BaseStream;
        var captured = isError ? _errorOutput : _output;
        var piece = new byte[PieceBytes];

        while (await stream.ReadAsync(piece, ending) is var count and > 0)
        {
            onOutput?.Invoke(new OutputChunk(isError, piece.AsSpan(0, count).ToArray()));

            if (IsTooMuchWith(captured, piece.AsSpan(0, count)))
            {
                // Its ends of the pipes close with it, and so both readers come to their end.
                End(process);
                return;
            }
        }
    }

    // First the tree, whose members are known, then those whose parent is gone.
    private void End(Process process)
    {
        process.Kill(entireProcessTree: true);
        new HostLeftovers(_mark).End();
    }

    private bool IsTooMuchWith(CapturedOutput captured, ReadOnlySpan<byte> piece)
    {
        lock (_one)
        {
            captured.Add(piece);
            _isTooMuch |= _output.BytesTotal + _errorOutput.BytesTotal > bridge.Limits.OutputBytes;

            return _isTooMuch;
        }
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>The built command as a process of its own, as a person's shell starts it.</summary>
internal sealed class ReeveProcess : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _seen = new();
    private readonly Task<string> _error;

    private readonly Task _input;

    private ReeveProcess(Process process, string input)
    {
        _process = process;
        _input = FeedAsync(process, input);
        _error = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    public int Id => _process.Id;

    public string Seen => _seen.ToString();

    public static ReeveProcess Start(
        string folder, IReadOnlyDictionary<string, string> environment, string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Join(AppContext.BaseDirectory, "reeve"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        return new ReeveProcess(process, input ?? "");
    }

    /// <summary>Reads what it says until a line holds the text.</summary>
    public async Task<string> UntilAsync(string text, CancellationToken stop)
    {
        while (await _process.StandardOutput.ReadLineAsync(stop) is { } line)
        {
            _seen.Append(line).Append('\n');

            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"It ended without '{text}':\n{_seen}\n{await _error}");
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<Ended> EndAsync(CancellationToken stop)
    {
        _seen.Append(await _process.StandardOutput.ReadToEndAsync(stop));
        await _process.WaitForExitAsync(stop);
        await _input;
        return new Ended(_process.ExitCode, Seen, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    // Beside the reading, because a full pipe stops whoever writes.
    private static async Task FeedAsync(Process process, string input)
    {
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
    }

    internal sealed record Ended(int ExitCode, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }
}

using System.Diagnostics;

namespace Reeve.Bench;

/// <summary>A program that answers each line with a line; it ends when its input does.</summary>
internal sealed class LineProcess : IAsyncDisposable
{
    private readonly Process _process;

    public LineProcess(string program, string workingDirectory, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync()
        ?? throw new InvalidOperationException("A program of the benchmark ended early.");

    public Task<string> AskAsync(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return ReadLineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

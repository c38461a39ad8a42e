using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>A model server as a process of its own: ours, playing a script, or one that is not ours.</summary>
internal sealed class ModelServerProcess : IDisposable
{
    private static readonly Regex s_port = new(@"(\d+)\s*$", RegexOptions.NonBacktracking);

    private readonly Process _process;
    private readonly Task<string> _rest;

    private ModelServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _rest = process.StandardOutput.ReadToEndAsync();
    }

    public int Port { get; }

    public static Task<ModelServerProcess> ScriptedAsync(CommandProcess reeve, string script)
    {
        var path = Path.Combine(reeve.Root, "script.json");
        File.WriteAllText(path, script);
        return OfAsync(reeve.Start(CommandProcess.Program, "model", "serve", path));
    }

    public static Task<ModelServerProcess> ForeignAsync(CommandProcess reeve, string scenario) => OfAsync(
        // Found on the path of the child: under the name of another, an interpreter looks for its library there.
        reeve.Start(
            "/usr/bin/env", "python3", Path.Combine(AppContext.BaseDirectory, "Runs", "foreign_model.py"), scenario));

    /// <summary>Tells a command where this server is and that it speaks this dialect.</summary>
    public string Lend(CommandProcess reeve, string dialect)
    {
        reeve.Environment["OPENAI_BASE_URL"] = $"http://127.0.0.1:{Port}/v1";
        reeve.Environment["ANTHROPIC_BASE_URL"] = $"http://127.0.0.1:{Port}";
        return $"{dialect}/any";
    }

    /// <summary>Ends the server; what it wrote, one line for each request.</summary>
    public async Task<string> EndAsync()
    {
        _process.Kill();
        return await _rest;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task<ModelServerProcess> OfAsync(Process process)
    {
        var line = await process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync());
        return new ModelServerProcess(process, int.Parse(s_port.Match(line.TrimEnd('/')).Groups[1].ValueSpan));
    }
}

using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>The built command as a process of its own, in a folder, with a data directory and environment of its
/// own.</summary>
internal sealed partial class CommandProcess : IDisposable
{
    /// <summary>A command that takes longer hangs.</summary>
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(90);

    private readonly string _root = Directory.CreateTempSubdirectory("reeve-test-").FullName;

    public CommandProcess()
    {
        Workspace = Directory.CreateDirectory(Path.Combine(_root, "workspace")).FullName;
        Home = Directory.CreateDirectory(Path.Combine(_root, "home")).FullName;
        Environment["HOME"] = Home;
        Environment["REEVE_HOME"] = Data;
        Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";

        // The runtime may lie anywhere; the command is started as the tests were.
        Environment["DOTNET_ROOT"] = Path.GetFullPath(
            Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
    }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "reeve");

    public string Root => _root;

    public string Workspace { get; }

    public string Home { get; }

    public string Data => Path.Combine(_root, "data");

    public Dictionary<string, string> Environment { get; } = [];

    public void Write(string path, string text)
    {
        var full = Path.Combine(Workspace, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Workspace, path));

    /// <summary>Runs <c>reeve</c> with these arguments and waits for its end.</summary>
    public Task<Ended> RunAsync(params string[] arguments) => RunProgramAsync(Program, arguments);

    public async Task<Ended> RunProgramAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(s_timeMax);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = process.StandardError.ReadToEndAsync(patience.Token);

        try
        {
            await process.WaitForExitAsync(patience.Token);
            return new Ended(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} did not end.");
        }
    }

    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Workspace,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>What a command left behind in the terminal.</summary>
    internal sealed partial record Ended(int ExitCode, string Output, string Error)
    {
        // A stack trace, or a byte that a terminal would obey.
        private static readonly Regex s_trace = new(@"^ +at [A-Z]\w+\.|Unhandled exception", RegexOptions.NonBacktracking | RegexOptions.Multiline);

        public string All => Output + Error;

        public bool HasTrace => s_trace.IsMatch(All);

        public bool CommandsTheTerminal => All.Any(letter =>
            (char.IsControl(letter) && letter != '\n') || letter is '\u202e' or '\u2066' or '\u009b');
    }
}

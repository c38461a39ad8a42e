using System.Text.Json.Nodes;
using Reeve.Tests.Shared;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>A folder, a data directory, a script and a configuration for processes of the built command.</summary>
internal sealed class ReeveTable : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("reeve-process-").FullName;
    private readonly Dictionary<string, string> _environment;

    public ReeveTable(string configuration, params JsonObject[] turns)
    {
        Directory.CreateDirectory(Workspace);
        Configure(configuration);
        File.WriteAllText(Script, Scripts.Of(turns));
        _environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _root,
            ["REEVE_HOME"] = Path.Join(_root, "data"),
            ["REEVE_CONFIG"] = Path.Join(_root, "config.yaml"),
            ["REEVE_MODEL"] = "scripted/" + Script,
        };
    }

    public string Workspace => Path.Join(_root, "workspace");

    public string Home => Path.Join(_root, "data");

    public string Script => Path.Join(_root, "script.json");

    public ReeveProcess Start(params string[] arguments) => StartWith(null, arguments);

    public ReeveProcess StartWith(string? input, params string[] arguments) =>
        ReeveProcess.Start(Workspace, _environment, input, arguments);

    /// <summary>The command in a terminal, where a person sits.</summary>
    public Interactive.Pty Sit(int columns = 100, int rows = 40, params string[] arguments) =>
        new(Workspace, _environment, columns, rows, arguments);

    public void Configure(string configuration) =>
        File.WriteAllText(Path.Join(_root, "config.yaml"), configuration);

    public void Set(string name, string value) => _environment[name] = value;

    public async Task<ReeveProcess.Ended> RunAsync(CancellationToken stop, params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.EndAsync(stop);
    }

    public async Task<ReeveProcess.Ended> PipeAsync(CancellationToken stop, string input, params string[] arguments)
    {
        using var process = StartWith(input, arguments);
        return await process.EndAsync(stop);
    }

    /// <summary>Processes of this machine whose command line holds the text.</summary>
    public static IReadOnlyList<string> ProcessesWith(string text) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _))
            .Where(folder => CommandLineOf(folder).Contains(text, StringComparison.Ordinal)),
    ];

    public void Dispose()
    {
        // An overlay of an ordinary user leaves a folder that not even its owner may list.
        if (!Environment.IsPrivilegedProcess)
        {
            using var opener = System.Diagnostics.Process.Start("chmod", ["-R", "u+rwx", _root]);
            opener.WaitForExit();
        }

        Directory.Delete(_root, recursive: true);
    }

    private static string CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Join(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}

using System.Net;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Authority.Secrets;
using Reeve.Cli.Commands.ModelServe;
using Reeve.Doors.Files;
using Reeve.Doors.Network;
using Reeve.Doors.Processes;
using Reeve.Doors.Vault;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Permissions;
using Reeve.Models.Scripted;

namespace Reeve.Cli.Operator;

/// <summary>The operator's tools over the real doors.</summary>
internal sealed class OperatorTools : IOperatorTools
{
    private NetCheck? _netCheck;

    public RedactingBuffer RedactStream() => Redactor.Default.Stream();

    public async Task<CommandResult> ExecuteAsync(
        SandboxCommand command, Settings settings, Action<OutputChunk> onOutput, CancellationToken cancellationToken)
    {
        var sandbox = new OperatorSandbox(
            HostFactory.CompositionOf(settings), settings.Home, TimeProvider.System, new SystemEntropy())
        {
            Over = command.Over,
        };
        var run = await sandbox.RunAsync(
            command.Workspace, command.Arguments, limits => Changed(limits, command.Limits), onOutput,
            cancellationToken);

        return run.Result;
    }

    public async Task<NetVerdict> CheckNetworkAsync(string text, CancellationToken cancellationToken)
    {
        // One for all lines of an input: it remembers that no resolver answers.
        _netCheck ??= new NetCheck(new SystemResolver(), TimeProvider.System);
        var result = await _netCheck.EvaluateAsync(text, cancellationToken);
        return new NetVerdict(result.Allowed, result.Code, result.Reason, result.Addresses, result.ToJson(text));
    }

    public CommandJudgement JudgeCommand(
        string line, IReadOnlyList<Rule> rules, Settings settings, string? workspace = null) =>
        HostFactory.CompositionOf(settings).GateWith(rules, workspace).JudgeCommand(line);

    public PolicyEngine GateOf(IReadOnlyList<Rule> rules, Settings settings)
    {
        var permissions = settings.Permissions with { Allow = [], Ask = [], Deny = [] };
        return HostFactory.CompositionOf(settings with { Permissions = permissions }).GateWith(rules);
    }

    public IReadOnlyList<Rule> SecretRules(Settings settings) =>
        [.. HostFactory.CompositionOf(settings).SecretRules()];

    public WorkspaceTrust TrustOf(Settings settings) => new(settings.Home, TimeProvider.System);

    public string ReadRules(string path, string folder) => Encoding.UTF8.GetString(
        OperatorFiles.Read(Path.Combine(folder, path), RuleFile.RuleBytesMax, "file of rules"));

    public void CheckModel(Settings settings, string name) =>
        _ = HostFactory.CompositionOf(settings).Compose().Model(name);

    public OperatorWorkspace OpenWorkspace(Settings settings, string workspace) =>
        new(HostFactory.CompositionOf(settings), workspace, TimeProvider.System);

    public string? ReadKept(Settings settings, string name, int bytesMax)
    {
        try
        {
            return Encoding.UTF8.GetString(OperatorFiles.Read(Path.Join(settings.Home, name), bytesMax, "file"));
        }
        catch (ProblemException)
        {
            // What is kept for comfort is begun anew where it cannot be read.
            return null;
        }
    }

    public bool Keep(Settings settings, string name, string text)
    {
        try
        {
            OperatorFiles.Write(Path.Join(settings.Home, name), Encoding.UTF8.GetBytes(text), "file");
            return true;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    public void WriteNew(string path, string folder, string text) =>
        OperatorFiles.WriteNew(Path.Combine(folder, path), Encoding.UTF8.GetBytes(text), "file to export to");

    public async Task ServeModelAsync(
        string scriptPath, IPAddress address, int port, Action<Uri> onListening, CancellationToken cancellationToken)
    {
        var script = Script.Parse(OperatorFiles.Read(scriptPath, Script.BytesMax, "script of the model"));
        await using var server = await ModelServer.StartAsync(
            script, address, port, TimeProvider.System, cancellationToken);
        onListening(new Uri(server.Url));
        await server.WaitForShutdownAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Finding>> DiagnoseAsync(
        Settings settings, bool isDeep, CancellationToken cancellationToken)
    {
        var doctor = new OperatorDoctor(
            HostFactory.CompositionOf(settings), settings.Home, TimeProvider.System, new SystemEntropy());
        var findings = await doctor.ExamineAsync(isDeep, cancellationToken);

        return
        [
            .. findings.Select(finding => new Finding(
                finding.Name, finding.IsFine, finding.Detail, finding.Remedy)),
        ];
    }

    private static SandboxLimits Changed(SandboxLimits limits, SandboxOverrides flags) => limits with
    {
        WallTime = flags.WallSeconds is { } wall ? TimeSpan.FromSeconds(wall) : limits.WallTime,
        CpuTime = flags.CpuSeconds is { } cpu ? TimeSpan.FromSeconds(cpu) : limits.CpuTime,
        MemoryBytes = flags.MemoryMegabytes is { } memory ? (long)memory << 20 : limits.MemoryBytes,
        Processes = flags.Processes ?? limits.Processes,
        FileBytes = flags.FileMegabytes is { } file ? (long)file << 20 : limits.FileBytes,
        DiskBytes = flags.DiskMegabytes is { } disk ? (long)disk << 20 : limits.DiskBytes,
        OutputBytes = flags.OutputKilobytes is { } output ? (long)output << 10 : limits.OutputBytes,
    };
}

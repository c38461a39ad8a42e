using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Secrets;
using Reeve.Doors.Network;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Operator;

/// <summary>The operator's tools over the real doors.</summary>
internal sealed class OperatorTools : IOperatorTools
{
    private NetCheck? _netCheck;

    public IRedactor Redactor { get; } = new Redactor();

    public Task<CommandResult> ExecuteAsync(
        SandboxCommand command, Settings settings, Action<OutputChunk> onOutput, CancellationToken cancellationToken)
    {
        ConfigurationFiles.MakeHome(settings.Home);
        return SandboxExec.RunAsync(command, settings, onOutput, TimeProvider.System, cancellationToken);
    }

    public async Task<NetVerdict> CheckNetworkAsync(string text, CancellationToken cancellationToken)
    {
        // One for all lines of an input: it remembers that no resolver answers.
        _netCheck ??= new NetCheck(new SystemResolver(), TimeProvider.System);
        var result = await _netCheck.EvaluateAsync(text, cancellationToken);
        return new NetVerdict(result.Allowed, result.Code, result.Reason, result.Addresses, result.ToJson(text));
    }

    public Task ServeModelAsync(
        string scriptPath, string host, int port, Action<Uri> onListening, CancellationToken cancellationToken) =>
        throw Missing();

    public Task<IReadOnlyList<Finding>> DiagnoseAsync(Settings settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([]);

    private static ProblemException Missing() =>
        new(new Problem("host.unavailable", "This build does not have that part."));
}

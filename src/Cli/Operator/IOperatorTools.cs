using System.Net;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Authority.Secrets;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Permissions;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Operator;

/// <summary>What the operator uses directly, without a run: the doors themselves, under their own guards.</summary>
internal interface IOperatorTools
{
    /// <summary>Redacts one input, wherever its pieces are cut.</summary>
    RedactingBuffer RedactStream();

    /// <summary>Runs a command in the verified sandbox over a folder.</summary>
    /// <exception cref="Authority.ProblemException"><c>sandbox.unavailable</c> and the problems of a
    /// command.</exception>
    Task<CommandResult> ExecuteAsync(
        SandboxCommand command, Settings settings, Action<OutputChunk> onOutput, CancellationToken cancellationToken);

    /// <summary>Judges a URL, host or address by the rules a connection is made under.</summary>
    Task<NetVerdict> CheckNetworkAsync(string text, CancellationToken cancellationToken);

    /// <summary>Judges a command line that would leave the sandbox, as the gate of a run would.</summary>
    /// <param name="rules">Rules of the user besides those of the configuration.</param>
    CommandJudgement JudgeCommand(string line, IReadOnlyList<Rule> rules, Settings settings, string? workspace = null);

    /// <summary>The gate of a run under these rules in place of the user's own.</summary>
    PolicyEngine GateOf(IReadOnlyList<Rule> rules, Settings settings);

    /// <summary>The rules that hide the usual files of secrets.</summary>
    IReadOnlyList<Rule> SecretRules(Settings settings);

    /// <summary>What a person trusts of the folders of this machine.</summary>
    WorkspaceTrust TrustOf(Settings settings);

    /// <summary>Reads a file of rules.</summary>
    /// <exception cref="Authority.ProblemException"><c>file.not_found</c>, <c>file.too_large</c> or
    /// <c>file.unavailable</c>.</exception>
    string ReadRules(string path, string folder);

    /// <summary>Refuses the name of a model that nobody here could answer to.</summary>
    /// <exception cref="Authority.ProblemException">One of the family <c>model</c>.</exception>
    void CheckModel(Settings settings, string name);

    /// <summary>The folder of the operator, through the door and the rules of an agent's.</summary>
    OperatorWorkspace OpenWorkspace(Settings settings, string workspace);

    /// <summary>A text kept in the data directory; null where there is none that can be read.</summary>
    string? ReadKept(Settings settings, string name, int bytesMax);

    /// <summary>Keeps a text in the data directory, for its owner alone.</summary>
    /// <returns>False where it could not be written.</returns>
    bool Keep(Settings settings, string name, string text);

    /// <summary>Writes a text to a file that is not there yet.</summary>
    /// <exception cref="Authority.ProblemException"><c>file.unavailable</c></exception>
    void WriteNew(string path, string folder, string text);

    /// <summary>Serves a scripted model until it is stopped.</summary>
    /// <param name="onListening">Told the address once it listens.</param>
    Task ServeModelAsync(
        string scriptPath, IPAddress address, int port, Action<Uri> onListening, CancellationToken cancellationToken);

    /// <summary>Looks for what would keep runs from working on this machine.</summary>
    /// <param name="isDeep">True to attack the sandbox as well.</param>
    Task<IReadOnlyList<Finding>> DiagnoseAsync(
        Settings settings, bool isDeep, CancellationToken cancellationToken);
}

/// <param name="Limits">What the flags say; null leaves the configured value.</param>
internal sealed record SandboxCommand(string Workspace, IReadOnlyList<string> Arguments, SandboxOverrides Limits)
{
    /// <summary>A run whose changes it sees too; null for the folder as it is.</summary>
    public RunKey? Over { get; init; }
}

internal sealed record SandboxOverrides(
    int? WallSeconds, int? CpuSeconds, int? MemoryMegabytes, int? Processes, int? FileMegabytes, int? DiskMegabytes,
    int? OutputKilobytes);

internal sealed record NetVerdict(
    bool IsAllowed, string Code, string Reason, IReadOnlyList<string> Addresses, string Json);

/// <param name="Remedy">The command or step that mends it; empty when nothing is wrong.</param>
internal sealed record Finding(string Name, bool IsWell, string Message, string Remedy);

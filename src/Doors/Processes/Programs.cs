using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Commands of one run in its verified sandbox. See <see cref="IPrograms"/> for what it promises.</summary>
public sealed class Programs : IPrograms
{
    private readonly Bubblewrap _bubblewrap;
    private readonly SandboxRoot _root;
    private readonly ProgramsIssuer _issuer;
    private readonly Label _label;
    private readonly Action<SandboxRun>? _onRun;

    internal Programs(
        Bubblewrap bubblewrap, SandboxRoot root, ProgramsIssuer issuer, Label label, Action<SandboxRun>? onRun)
    {
        _bubblewrap = bubblewrap;
        _root = root;
        _issuer = issuer;
        _label = label;
        _onRun = onRun;
    }

    public async Task<Labeled<CommandResult>> RunAsync(
        Command command, Action<OutputChunk>? onOutput, CancellationToken cancellationToken)
    {
        var verification = await _issuer.VerifyAsync(_bubblewrap.Profile, _root, cancellationToken);
        _ = verification.ThrowUnlessContained();

        var run = await _bubblewrap.RunAsync(command, onOutput, cancellationToken);
        _onRun?.Invoke(run);

        return new Labeled<CommandResult>(run.Result, _label);
    }
}

using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Commands of one run in its verified sandbox. See <see cref="IPrograms"/> for what it promises.</summary>
public sealed class Programs : IPrograms
{
    private readonly SandboxProfile _profile;
    private readonly Lazy<SandboxRoot> _root;
    private readonly ProgramsIssuer _issuer;
    private readonly Label _label;
    private readonly Action<SandboxRun>? _onRun;
    private readonly TimeProvider _time;

    internal Programs(
        SandboxProfile profile,
        Lazy<SandboxRoot> root,
        ProgramsIssuer issuer,
        Label label,
        Action<SandboxRun>? onRun,
        TimeProvider time)
    {
        _profile = profile;
        _root = root;
        _issuer = issuer;
        _label = label;
        _onRun = onRun;
        _time = time;
    }

    public async Task<Labeled<CommandResult>> RunAsync(
        Command command, Action<OutputChunk>? onOutput, CancellationToken cancellationToken)
    {
        // The first command may have to wait for its tree to be made.
        var root = await Task.Run(() => _root.Value, cancellationToken);
        var verification = await _issuer.VerifyAsync(_profile, root, cancellationToken);
        _ = verification.ThrowUnlessContained();

        var bubblewrap = new Bubblewrap(_profile, root, _time);
        var run = await bubblewrap.RunAsync(command, onOutput, cancellationToken);
        _onRun?.Invoke(run);

        return new Labeled<CommandResult>(run.Result, _label);
    }
}

using System.Collections.Concurrent;
using Reeve.Authority;
using Reeve.Authority.Labels;

namespace Reeve.Doors.Processes;

/// <summary>Mints the grants to run commands. Composition holds it; a tool never does.</summary>
/// <remarks>
/// The first command of each profile waits for the self-attack on exactly that profile; its outcome is kept for
/// the life of this process. An attempt that could not be made is not kept, so that a mended machine works at once.
/// </remarks>
public sealed class ProgramsIssuer(SelfAttack selfAttack, TimeProvider time) : IDisposable
{
    /// <summary>Profiles whose verification is remembered.</summary>
    public const int ProfilesMax = 1_024;

    private readonly ConcurrentDictionary<string, SandboxVerification> _verified = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The right to run commands over <paramref name="root"/>; what they print carries the label.</summary>
    /// <param name="profile">How they are contained.</param>
    /// <param name="root">The tree at <c>/workspace</c>.</param>
    /// <param name="label">Of all that commands print.</param>
    /// <param name="onRun">Told what was in force for each command, for the journal.</param>
    public Programs Issue(SandboxProfile profile, SandboxRoot root, Label label, Action<SandboxRun>? onRun = null) =>
        new(profile, new Lazy<SandboxRoot>(root), this, label, onRun, time);

    /// <summary>As above, over a tree that the first command has made.</summary>
    public Programs Issue(
        SandboxProfile profile, Lazy<SandboxRoot> root, Label label, Action<SandboxRun>? onRun = null) =>
        new(profile, root, this, label, onRun, time);

    /// <summary>The outcome of attacking this profile, now or earlier in this process.</summary>
    /// <exception cref="ProblemException"><c>sandbox.unavailable</c>, with what to do about it.</exception>
    public async Task<SandboxVerification> VerifyAsync(
        SandboxProfile profile, SandboxRoot root, CancellationToken cancellationToken)
    {
        var digest = profile.Digest;

        if (_verified.TryGetValue(digest, out var known))
        {
            return known;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _verified.TryGetValue(digest, out known)
                ? known
                : Remember(await AttackAsync(profile, root, cancellationToken));
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<SandboxVerification> AttackAsync(
        SandboxProfile profile, SandboxRoot root, CancellationToken cancellationToken)
    {
        try
        {
            return await selfAttack.VerifyAsync(profile, root, cancellationToken);
        }
        catch (ProblemException failure) when (failure.Problem.Code == "sandbox.setup_failed")
        {
            throw new ProblemException(failure.Problem with { Code = "sandbox.unavailable" });
        }
    }

    private SandboxVerification Remember(SandboxVerification verification)
    {
        if (_verified.Count >= ProfilesMax)
        {
            _verified.Clear();
        }

        _verified[verification.ProfileDigest] = verification;
        return verification;
    }
}

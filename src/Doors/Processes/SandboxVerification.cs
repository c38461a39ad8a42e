using Reeve.Authority;

namespace Reeve.Doors.Processes;

/// <summary>What attacking one's own sandbox showed; it goes into the journal of the run.</summary>
/// <param name="Tier">As <c>bubblewrap</c>.</param>
/// <param name="ProfileDigest">The profile that was attacked, exactly as commands get it.</param>
/// <param name="FilterDigest">SHA-256 of the system call filter in force.</param>
/// <param name="Probes">Each attack and whether it was stopped.</param>
public sealed record SandboxVerification(
    string Tier, string ProfileDigest, string FilterDigest, IReadOnlyList<SandboxProbe> Probes)
{
    public bool IsContained => Probes.Count > 0 && Probes.All(probe => probe.IsStopped);

    /// <exception cref="ProblemException"><c>sandbox.not_contained</c>, naming the attacks that came
    /// through.</exception>
    public SandboxVerification ThrowUnlessContained()
    {
        var through = string.Join(", ", Probes.Where(probe => !probe.IsStopped).Select(probe => probe.Name));
        Problem.ThrowUnless(
            IsContained, "sandbox.not_contained",
            $"The sandbox does not hold on this machine ({through}), so no command runs. " +
            "Remedy: run: reeve doctor --deep.");

        return this;
    }
}

/// <summary>One attack on the sandbox from inside.</summary>
/// <param name="Name">What was tried, in words.</param>
/// <param name="IsStopped">True when it was refused.</param>
/// <param name="Detail">The kernel's answer.</param>
public sealed record SandboxProbe(string Name, bool IsStopped, string Detail);

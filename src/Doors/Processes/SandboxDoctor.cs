using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Looks at every precondition of the sandbox and says how to mend what is missing.</summary>
/// <remarks>It runs the production profile itself, because only that shows what this machine refuses.</remarks>
public sealed class SandboxDoctor(SandboxProfile profile, SelfAttack selfAttack, TimeProvider time)
{
    private const string Works = "works";

    /// <summary>All findings, the first that is not fine being the one to mend first.</summary>
    /// <param name="root">A tree to try it on.</param>
    /// <param name="isDeep">True to run the self-attacks as well.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    public async Task<IReadOnlyList<SandboxFinding>> ExamineAsync(
        SandboxRoot root, bool isDeep, CancellationToken cancellationToken)
    {
        var findings = new List<SandboxFinding> { ExamineProgram(), ExamineSubsystem(), ExamineUser(root) };

        if (findings.TrueForAll(finding => finding.IsFine))
        {
            findings.AddRange(await TryAsync(root, cancellationToken));
        }

        if (isDeep && findings.TrueForAll(finding => finding.IsFine))
        {
            findings.AddRange(await AttackAsync(root, cancellationToken));
        }

        return findings;
    }

    private SandboxFinding ExamineProgram() => File.Exists(profile.BubblewrapPath)
        ? SandboxFinding.Fine("bubblewrap", "is installed")
        : SandboxFinding.Missing("bubblewrap", SetupFailure.MissingProgram);

    // The second subsystem is a whole kernel and names itself so; the first only imitates one.
    private static SandboxFinding ExamineSubsystem()
    {
        var version = ProcessFiles.ReadText("/proc/version") ?? string.Empty;
        var isFirst = version.Contains("Microsoft", StringComparison.Ordinal)
            && !version.Contains("WSL2", StringComparison.Ordinal);

        return isFirst
            ? SandboxFinding.Missing("kernel", SetupFailure.WindowsSubsystem1)
            : SandboxFinding.Fine("kernel", "is a Linux kernel");
    }

    private static SandboxFinding ExamineUser(SandboxRoot root) => root.User != 0 || root.LaunchPrefix.Count > 0
        ? SandboxFinding.Fine("user", RunUser.IsNeeded ? "root gives each run a user of its own" : "is not root")
        : SandboxFinding.Missing("user", new SetupFailure(
            "commands would run as root", "give the workspace view a user of its own"));

    private async Task<IEnumerable<SandboxFinding>> TryAsync(SandboxRoot root, CancellationToken cancellationToken)
    {
        try
        {
            var run = await new Bubblewrap(profile, root, time).RunAsync(
                new Command(["/usr/bin/true"]), onOutput: null, cancellationToken);
            var accounting = run.Accounting switch
            {
                TreeAccounting.ControlGroup2 => "is counted by cgroup v2",
                TreeAccounting.ControlGroup1 => "is counted by cgroup v1",
                _ => "is looked at every 50 ms; a delegated cgroup v2 would make it exact",
            };

            return
            [
                run.Result.ExitCode == 0
                    ? SandboxFinding.Fine("sandbox", Works)
                    : SandboxFinding.Missing("sandbox", SetupFailure.Unknown),
                SandboxFinding.Fine("memory limit", accounting),
            ];
        }
        catch (ProblemException failure)
        {
            return [SandboxFinding.Of("sandbox", failure.Problem)];
        }
    }

    private async Task<IEnumerable<SandboxFinding>> AttackAsync(SandboxRoot root, CancellationToken cancellationToken)
    {
        var verification = await selfAttack.VerifyAsync(profile, root, cancellationToken);

        return verification.Probes.Select(probe => new SandboxFinding(
            $"attack: {probe.Name}", probe.IsStopped, probe.IsStopped ? "stopped" : $"came through ({probe.Detail})",
            probe.IsStopped ? string.Empty : "update the kernel and bubblewrap; no command runs until it is stopped"));
    }
}

/// <summary>One thing the doctor looked at.</summary>
/// <param name="Name">What it is.</param>
/// <param name="IsFine">False when it must be mended before commands can run.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Remedy">What mends it; empty where it is fine.</param>
public sealed record SandboxFinding(string Name, bool IsFine, string Detail, string Remedy = "")
{
    internal static SandboxFinding Fine(string name, string detail) => new(name, IsFine: true, detail);

    internal static SandboxFinding Of(string name, Problem problem)
    {
        var parts = problem.Message.Split(SetupFailure.RemedyMark, 2);

        return new SandboxFinding(
            name, IsFine: false, parts[0], parts.Length > 1 ? parts[1].TrimEnd('.') : string.Empty);
    }

    internal static SandboxFinding Missing(string name, SetupFailure failure) =>
        new(name, IsFine: false, failure.Cause, failure.Remedy);
}

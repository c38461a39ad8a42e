using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

[Collection("sandbox")]
[Trait("Runs", "AsAnyone")]
public sealed class SelfAttackTests : IDisposable
{
    private readonly SandboxTestbed _testbed = new();

    public void Dispose() => _testbed.Dispose();

    private SelfAttack SelfAttack => new(Path.Join(_testbed.Base, "bait"), TimeProvider.System);

    [Theory, Trait("Req", "EXEC-3")]
    [InlineData(SandboxNetwork.Off)]
    [InlineData(SandboxNetwork.Loopback)]
    public async Task Every_attack_on_the_production_profile_is_stopped(SandboxNetwork network)
    {
        var profile = SandboxProfile.Default with { Network = network };

        var verification = await SelfAttack.VerifyAsync(profile, _testbed.Root, CancellationToken.None);

        Assert.DoesNotContain(verification.Probes, probe => !probe.IsStopped);
        Assert.InRange(verification.Probes.Count, 35, 100);
        Assert.Equal(profile.Digest, verification.ProfileDigest);
    }

    [Fact, Trait("Req", "EXEC-3")]
    public void The_same_program_comes_through_where_nothing_guards()
    {
        using var bait = SelfAttackBait.Lay(Path.Join(_testbed.Base, "bait"));

        var probes = Through(bait, path => ForeignProgram.Run(
            "/usr/bin/setpriv", AsUser(path), environment: null).Output);

        string[] expected =
        [
            "read a file outside", "connect to the host", "connect to an abstract socket of the host",
            "hold a process of the host", "look into /sys", "make a user namespace", "make a set-user-id file",
            "trace a process", "reach a listener outside",
        ];
        Assert.Empty(expected.Except(probes, StringComparer.Ordinal));
    }

    [Fact, Trait("Req", "EXEC-3")]
    public void A_stock_sandbox_without_the_filter_is_found_out()
    {
        using var bait = SelfAttackBait.Lay(Path.Join(_testbed.Base, "bait"));

        var probes = Through(bait, path => ForeignProgram.Run(
            "/usr/bin/setpriv",
            [
                .. AsUser("/usr/bin/bwrap"), "--unshare-all", "--ro-bind", "/usr", "/usr", "--proc", "/proc",
                "--dev", "/dev",
                "--tmpfs", "/tmp", "--ro-bind", path, "/probe", "--", "/probe",
            ],
            environment: null).Output);

        string[] expected =
        [
            "write to the root", "write to /dev", "make a set-user-id file", "make one by openat2",
            "read the host's environment", "trace a process", "read another process", "make a user namespace",
            "listen to kernel events", "change the execution domain", "use io_uring",
            "type into the terminal", "use the key store",
        ];
        Assert.Empty(expected.Except(probes, StringComparer.Ordinal));
    }

    [Fact, Trait("Req", "EXEC-3")]
    public async Task A_sandbox_that_does_not_hold_runs_no_command()
    {
        var verification = new SandboxVerification(
            "bubblewrap", "p", "f", [new SandboxProbe("mount", IsStopped: false, "result 0")]);

        var refused = Assert.Throws<ProblemException>(verification.ThrowUnlessContained);

        Assert.Equal("sandbox.not_contained", refused.Problem.Code);
        Assert.Contains("mount", refused.Problem.Message, StringComparison.Ordinal);
        await Task.CompletedTask;
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task Without_a_sandbox_there_are_no_commands()
    {
        using var issuer = new ProgramsIssuer(SelfAttack, TimeProvider.System);
        var profile = SandboxProfile.Default with { BubblewrapPath = "/no/such/bwrap" };
        var programs = issuer.Issue(profile, _testbed.Root, Label.LeastTrusted);

        var refused = await Assert.ThrowsAsync<ProblemException>(() => programs.RunAsync(
            new Command(["/bin/true"]), onOutput: null, CancellationToken.None));

        Assert.Equal("sandbox.unavailable", refused.Problem.Code);
        Assert.Contains("apt-get install bubblewrap", refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Req", "EXEC-3")]
    public async Task The_attack_precedes_the_first_command_and_is_made_once()
    {
        var facts = new List<SandboxRun>();
        using var issuer = new ProgramsIssuer(SelfAttack, TimeProvider.System);
        var programs = issuer.Issue(SandboxProfile.Default, _testbed.Root, Label.LeastTrusted, facts.Add);

        var first = await programs.RunAsync(new Command(["/bin/echo", "1"]), onOutput: null, CancellationToken.None);
        var known = await issuer.VerifyAsync(SandboxProfile.Default, _testbed.Root, CancellationToken.None);
        var again = await issuer.VerifyAsync(SandboxProfile.Default, _testbed.Root, CancellationToken.None);

        Assert.Equal(0, first.Value.ExitCode);
        Assert.Same(known, again);
        Assert.Equal([known.FilterDigest], facts.Select(fact => fact.FilterDigest));
    }

    [Fact, Trait("Req", "EXEC-1")]
    public async Task The_doctor_finds_this_machine_fit()
    {
        var doctor = new SandboxDoctor(SandboxProfile.Default, SelfAttack, TimeProvider.System);

        var findings = await doctor.ExamineAsync(_testbed.Root, isDeep: true, CancellationToken.None);

        Assert.DoesNotContain(findings, each => !each.IsFine);
    }

    private static string[] AsUser(string program) => RunUser.IsNeeded
        ? ["--reuid", "2000059999", "--regid", "2000059999", "--clear-groups", "--", program]
        : ["--", program];

    private static List<string> Through(SelfAttackBait bait, Func<string, byte[]> run)
    {
        var attacks = SelfAttack.Attacks(bait);
        var directory = Directory.CreateTempSubdirectory("reeve-probe").FullName;
        var path = Path.Join(directory, "probe");
        const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead
            | UnixFileMode.OtherExecute | UnixFileMode.UserWrite;
        File.WriteAllBytes(path, attacks.Program.ToElf());
        File.SetUnixFileMode(path, Everyone);
        File.SetUnixFileMode(directory, Everyone);
        File.SetUnixFileMode(Path.GetDirectoryName(Path.GetDirectoryName(bait.CanaryPath))!, Everyone);
        File.SetUnixFileMode(Path.GetDirectoryName(bait.CanaryPath)!, Everyone);
        File.SetUnixFileMode(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(bait.CanaryPath)))!,
            Everyone);

        try
        {
            return [.. attacks.Judge(run(path), bait).Where(probe => !probe.IsStopped).Select(probe => probe.Name)];
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
            File.Delete("/tmp/set-id");
        }
    }
}

using Reeve.Doors.Processes;

namespace Reeve.Bench;

/// <summary>One command in a fresh sandbox with every part of the profile, against bubblewrap alone.</summary>
internal static class SandboxBenchmark
{
    private const int Turns = 100;

    private static readonly string[] s_bare =
    [
        "--unshare-all", "--die-with-parent", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "/bin/true",
    ];

    public static async Task RunAsync()
    {
        using var scratch = new Scratch("sandbox");
        var above = scratch.NewDirectory("tree");
        using var user = RunUser.IsNeeded ? RunUser.Lease(Path.Combine(above, "users")) : null;
        using var tree = ScratchTree.Make(Path.Combine(above, "run"), user);
        using var issuer = new ProgramsIssuer(
            new SelfAttack(Path.Combine(above, "attack"), TimeProvider.System), TimeProvider.System);
        var profile = SandboxProfile.Default;
        var exec = new SandboxExec(issuer, profile, SandboxRoot.Of(tree.Directory, user));
        var sorted = await Rounds.TurnsAsync(
            Turns,
            () => InSandboxAsync(exec),
            () => Launch.RunAsync(profile.BubblewrapPath, s_bare),
            () => Launch.RunAsync("/bin/true"));

        Console.WriteLine($"one command, `true`, the profile verified before; {Turns} turns each, one after the other");
        Show("ours, fresh sandbox, full profile", sorted[0]);
        Show("bwrap --unshare-all", sorted[1]);
        Show("the command alone", sorted[2]);
        Rounds.Judge("ours / bwrap", sorted[0][Turns / 2] / sorted[1][Turns / 2], 1.5, isMost: true);
        Rounds.Judge("lowest of ours / lowest of bwrap", sorted[0][0] / sorted[1][0], 1.5, isMost: true);
    }

    private static async Task InSandboxAsync(SandboxExec exec)
    {
        var run = await exec.RunAsync(new Authority.Mandates.Command(["/bin/true"]), onOutput: null, CancellationToken.None);

        if (run.Result.ExitCode != 0)
        {
            throw new InvalidOperationException("The command did not end well in the sandbox.");
        }
    }

    private static void Show(string name, double[] sorted) => Console.WriteLine(
        $"  {name}: median {sorted[Turns / 2] / 1_000:0.0} ms · lowest {sorted[0] / 1_000:0.0} ms"
        + $" · p90 {sorted[Turns * 9 / 10] / 1_000:0.0} ms");
}

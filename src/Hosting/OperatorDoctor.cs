using Reeve.Doors.Processes;
using Reeve.Hosting.Composition;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Hosting;

/// <summary>Looks for what would keep commands from running on this machine, with the remedy for each.</summary>
public sealed class OperatorDoctor(SettingsComposition settings, string dataDirectory, TimeProvider time,
    IEntropy entropy)
{
    public async Task<IReadOnlyList<SandboxFinding>> ExamineAsync(bool isDeep, CancellationToken cancellationToken)
    {
        var bytes = new byte[16];
        entropy.Fill(bytes);
        var run = new RunKey(TenantId.Local, RunId.FromBytes(bytes));
        using var user = RunUser.IsNeeded ? RunUsers.LeaseNew(dataDirectory, run) : null;
        using var tree = ScratchTree.Make(Path.Join(dataDirectory, "runs", run.Run.ToString()), user);
        var attack = new SelfAttack(Path.Join(dataDirectory, "attack"), time);

        return await new SandboxDoctor(settings.ProfileOf(tree.Directory), attack, time).ExamineAsync(
            SandboxRoot.Of(tree.Directory, user), isDeep, cancellationToken);
    }
}

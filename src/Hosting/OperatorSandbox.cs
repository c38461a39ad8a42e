using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Processes;
using Reeve.Doors.Views;
using Reeve.Hosting.Composition;
using Reeve.Kernel.Journal;

namespace Reeve.Hosting;

/// <summary>Runs one command of the operator as an agent's would be run: same sandbox, same limits, a view of
/// the folder.</summary>
/// <remarks>The view is thrown away afterwards: nothing the command does reaches the folder itself.</remarks>
public sealed class OperatorSandbox(SettingsComposition settings, string dataDirectory, TimeProvider time,
    IEntropy entropy)
{
    /// <summary>A run whose changes the command sees too; null for the folder as it is.</summary>
    public RunKey? Over { get; init; }

    public async Task<SandboxRun> RunAsync(
        string workspace,
        IReadOnlyList<string> arguments,
        Func<SandboxLimits, SandboxLimits> change,
        Action<OutputChunk>? onOutput,
        CancellationToken cancellationToken)
    {
        var profile = settings.ProfileOf(workspace);
        profile = profile with { Limits = change(profile.Limits).Checked() };
        var run = new RunKey(Kernel.Principals.TenantId.Local, RunId.FromBytes(RandomBytes()));
        var directory = RunPlaces.DirectoryOf(dataDirectory, run);
        using var user = RunUser.IsNeeded ? RunUsers.LeaseNew(dataDirectory, run) : null;

        try
        {
            var views = new WorkspaceViews(time);
            using var view = await views.OpenAsync(
                directory, workspace, user?.Id, settings.View, cancellationToken);
            await BringAsync(views, view, cancellationToken);
            var root = RunPlaces.RootOf(view, user) with
            {
                Masks = RunPlaces.MasksOf(view, new PolicyEngine(settings.MandateOfCommand(workspace))),
            };
            using var issuer = new ProgramsIssuer(new SelfAttack(Path.Join(dataDirectory, "attack"), time), time);
            var exec = new SandboxExec(issuer, profile, root);

            return await exec.RunAsync(new Command(arguments), onOutput, cancellationToken);
        }
        finally
        {
            await WorkspaceViews.DiscardAsync(directory, CancellationToken.None);
        }
    }

    private async Task BringAsync(WorkspaceViews views, WorkspaceView view, CancellationToken cancellationToken)
    {
        if (Over is not { } run)
        {
            return;
        }

        using var from = await views.TryReopenAsync(RunPlaces.DirectoryOf(dataDirectory, run), cancellationToken);

        // A run that was discarded, or never looked at its workspace, has nothing beside the folder.
        if (from is not null)
        {
            await WorkspaceViews.ForkAsync(
                from, await from.CheckpointAsync(cancellationToken), [], view, cancellationToken);
        }
    }

    private byte[] RandomBytes()
    {
        var bytes = new byte[16];
        entropy.Fill(bytes);
        return bytes;
    }
}

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
            using var view = await new WorkspaceViews(time).OpenAsync(
                directory, workspace, user?.Id, settings.View, cancellationToken);
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

    private byte[] RandomBytes()
    {
        var bytes = new byte[16];
        entropy.Fill(bytes);
        return bytes;
    }
}

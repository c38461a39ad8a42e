using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Files;
using Reeve.Doors.Processes;
using Reeve.Doors.Processes.HostBridge;
using Reeve.Doors.Views;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Views;

namespace Reeve.Hosting.Composition;

/// <summary>Puts view, sandbox and grants of a run together, from its directory below the data directory.</summary>
internal sealed class RunPlaces(
    HostOptions options, WorkspaceViews views, ProgramsIssuer issuer, ApplyLedger ledger, IKeyWrap keys,
    MandateGates gates) : IRunPlaces
{
    private static readonly SourceId s_workspace = new("workspace"), s_host = new("host");

    public static string DirectoryOf(string dataDirectory, RunKey run) =>
        Path.Join(dataDirectory, "runs", run.Run.ToString());

    public async Task<IRunPlace> OpenAsync(
        RunKey run, RunTerms terms, byte[] mandate, CancellationToken cancellationToken)
    {
        var (view, user) = await OpenViewAsync(run, terms, cancellationToken);

        try
        {
            return Place(view, user, gates.Of(mandate), options.ProfileOf(terms.Workspace));
        }
        catch
        {
            view.Dispose();
            user?.Dispose();
            throw;
        }
    }

    private async Task<(WorkspaceView View, RunUser? User)> OpenViewAsync(
        RunKey run, RunTerms terms, CancellationToken cancellationToken)
    {
        var directory = DirectoryOf(options.DataDirectory, run);
        var view = await views.TryReopenAsync(directory, cancellationToken);
        var user = default(RunUser);

        try
        {
            if (RunUser.IsNeeded)
            {
                user = view?.User is { } id
                    ? RunUsers.LeaseAgain(options.DataDirectory, id)
                    : RunUsers.LeaseNew(options.DataDirectory, run);
            }

            if (view is null)
            {
                ledger.Mark(keys.Pseudonym(terms.Workspace), directory);
            }

            view ??= await views.OpenAsync(directory, terms.Workspace, user?.Id, options.View, cancellationToken);
            return (view, user);
        }
        catch
        {
            view?.Dispose();
            user?.Dispose();
            throw;
        }
    }

    /// <summary>What the rules let nobody read is not there for commands either.</summary>
    internal static Func<IReadOnlyList<SandboxMask>> MasksOf(WorkspaceView view, PolicyEngine gate) =>
        gate.MayHidePaths ? () => HiddenPaths.Find(view, gate.ShowsPath) : () => [];

    private RunPlace Place(WorkspaceView view, RunUser? user, MandateGates.Compiled compiled, SandboxProfile profile)
    {
        var label = Label.Of([s_workspace], null);
        var (mandate, gate) = compiled;
        var canChange = mandate.Mode != PermissionMode.Plan;
        var files = view.IssuerFor(label).Issue(canChange, new MandatePathRules(gate, options.Time));
        var root = new Lazy<SandboxRoot>(
            () => RootOf(view, user) with { CanChange = canChange, Masks = MasksOf(view, gate) },
            LazyThreadSafetyMode.PublicationOnly);
        var programs = issuer.Issue(profile, root, label);

        var bridge = options.HostBridge ?? HostBridge.None(options.Time);
        var host = bridge.Issue(view.WorkspaceDirectory, Label.Of([s_host], null));

        return new RunPlace(
            view, files, programs, host, user, cancel => issuer.VerifyAsync(profile, root.Value, cancel), options.Time);
    }

    /// <summary>The tree of a view as a sandbox binds it; made by now.</summary>
    public static SandboxRoot RootOf(WorkspaceView view, RunUser? user)
    {
        var mount = view.Mount;

        return SandboxRoot.Of(mount.BindSource, user) with
        {
            LaunchPrefix = user is null ? mount.LaunchPrefix : [],
            MountNamespace = mount.MountNamespace,
            GrowthDirectory = mount.GrowthDirectory,
        };
    }
}

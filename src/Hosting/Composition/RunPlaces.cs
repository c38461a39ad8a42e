using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Files;
using Reeve.Doors.Processes;
using Reeve.Doors.Vault;
using Reeve.Doors.Processes.HostBridge;
using Reeve.Doors.Views;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Views;

namespace Reeve.Hosting.Composition;

/// <summary>Puts view, sandbox and grants of a run together, from its directory below the data directory.</summary>
internal sealed class RunPlaces(
    HostOptions options, WorkspaceViews views, ProgramsIssuer issuer, ApplyLedger ledger, KeyWrap keys,
    MandateGates gates) : IRunPlaces
{
    private static readonly SourceId s_workspace = new("workspace"), s_host = new("host");

    public static string DirectoryOf(string dataDirectory, RunKey run) =>
        Path.Join(dataDirectory, "runs", run.Run.ToString());

    public async Task<IRunPlace> OpenAsync(
        RunKey run, RunTerms terms, byte[] mandate, CancellationToken cancellationToken)
    {
        // Whoever admitted the run was another process, perhaps: only what it signed gives anything.
        keys.Mandates.Check(gates.Of(mandate).Mandate.Id, mandate, terms.MandateSignature);

        var (view, user) = await OpenViewAsync(run, terms, cancellationToken);

        try
        {
            var compiled = gates.Of(mandate);
            var place = Place(view, user, compiled, options.ProfileOf(terms.Workspace));

            // Where nothing contains a command, a mode that asks nothing would leave nothing in its way.
            if (compiled.Mandate.Mode == PermissionMode.BypassPermissions)
            {
                await place.VerifySandboxAsync(cancellationToken);
            }

            return place;
        }
        catch
        {
            view.Dispose();
            user?.Dispose();
            throw;
        }
    }

    /// <summary>Makes the view of a run that goes on from a checkpoint of another one.</summary>
    /// <param name="line">The other one, and those of its session that came after it.</param>
    /// <param name="checkpoint">Null where the other one had not met its workspace yet.</param>
    /// <returns>What it holds, and the run of the line whose changes are in the user's own files.</returns>
    /// <exception cref="ProblemException"><c>fork.view_gone</c>.</exception>
    public async Task<(TreeDigest Tree, RunKey? Applied)> ForkAsync(
        IReadOnlyList<RunKey> line, RunKey child, RunTerms terms, TreeDigest? checkpoint,
        CancellationToken cancellationToken)
    {
        var known = new List<(RunKey Run, WorkspaceView View)>();

        try
        {
            foreach (var run in line)
            {
                if (await views.TryReopenAsync(DirectoryOf(options.DataDirectory, run), cancellationToken) is { } view)
                {
                    known.Add((run, view));
                }
            }

            var hasParent = known.Count > 0 && known[0].Run == line[0];
            Problem.ThrowUnless(
                checkpoint is null || hasParent, "fork.view_gone",
                "The files of this run were discarded, so nothing can go on from them; begin a new run.");
            var applied = known.Where(other => other.View.IsApplied).Select(other => (RunKey?)other.Run);

            return (
                await ForkAsync([.. known.Select(other => other.View)], child, terms, checkpoint, cancellationToken),
                applied.LastOrDefault());
        }
        finally
        {
            known.ForEach(other => other.View.Dispose());
        }
    }

    private async Task<TreeDigest> ForkAsync(
        List<WorkspaceView> line, RunKey child, RunTerms terms, TreeDigest? checkpoint,
        CancellationToken cancellationToken)
    {
        var (view, user) = await OpenViewAsync(child, terms, cancellationToken);

        try
        {
            return checkpoint is { } tree
                ? await WorkspaceViews.ForkAsync(line[0], tree, line[1..], view, cancellationToken)
                : await view.CheckpointAsync(cancellationToken);
        }
        finally
        {
            view.Dispose();
            user?.Dispose();
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
        var rules = new MandatePathRules(gate, options.Time);
        var folders = PlacedFolders.Open(mandate.Folders, rules);
        profile = profile with { Folders = folders.Binds(gate) };
        var files = view.IssuerFor(label).Issue(canChange, rules);
        var root = new Lazy<SandboxRoot>(
            () => RootOf(view, user) with { CanChange = canChange, Masks = MasksOf(view, gate) },
            LazyThreadSafetyMode.PublicationOnly);
        var programs = issuer.Issue(profile, root, folders.Join(label));

        var bridge = options.HostBridge ?? HostBridge.None(options.Time);
        var host = bridge.Issue(view.WorkspaceDirectory, Label.Of([s_host], null));

        return new RunPlace(
            view, files, folders, programs, host, user, cancel => issuer.VerifyAsync(profile, root.Value, cancel),
            options.Time);
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

using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Authority.Secrets;
using Reeve.Doors.Files;
using Reeve.Doors.Leases;
using Reeve.Doors.Processes;
using Reeve.Doors.Vault;
using Reeve.Doors.Views;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Admission;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Models.Scripted;
using Reeve.Models.Tokens;
using Reeve.Storage.Sqlite;
using Reeve.Tools;

namespace Reeve.Hosting;

/// <summary>The one composition root: command line, server, tests and benchmarks all run what is put together
/// here.</summary>
public sealed partial class ReeveHost : IReeveHost
{
    private readonly HostOptions _options;
    private readonly RunServices _services;
    private readonly WorkspaceViews _views;
    private readonly ApplyLedger _ledger;
    private readonly KeyWrap _keys;
    private readonly TokenScales _scales;

    private readonly ProgramsIssuer _programs;
    private readonly RunPlaces _places;
    private (RecordingModel Model, string Path)? _recording;

    private ReeveHost(HostOptions options, IRunStore store, KeyWrap keys, IEntropy entropy)
    {
        var local = LocalProcess.Current(options.Instance);
        _options = options;
        _keys = keys;
        _scales = new TokenScales(options.DataDirectory);
        _views = new WorkspaceViews(options.Time);
        _ledger = new ApplyLedger(options.DataDirectory);
        _programs = new ProgramsIssuer(
            new SelfAttack(Path.Join(options.DataDirectory, "attack"), options.Time), options.Time);
        var gates = new MandateGates();
        _services = new RunServices(
            store, keys, entropy, options.Time,
            Redactor.Default.With(options.KnownSecrets), new EstimatingTokenCounter(),
            new ToolCatalog([.. BuiltInTools.All, .. options.MoreTools]),
            _places = new RunPlaces(options, _views, _programs, _ledger, keys, gates),
            gates.GateOf, ModelOf,
            local.Owner, options.IsDead ?? local.IsDead)
        {
            Ceilings = options.Ceilings,
            Replies = options.ReplyCache is { } cache
                ? new CachedReplies(
                    new SealedReplies(
                        options.DataDirectory, keys, entropy, options.Time, cache.BytesMax, cache.AgeMax),
                    options.ModelIdentity)
                : null,
        };
    }

    /// <exception cref="ProblemException">
    /// <c>store.*</c> or <c>key.*</c> when the data directory cannot be used; the sentence says what to do.
    /// </exception>
    public static async Task<ReeveHost> OpenAsync(HostOptions options, CancellationToken cancellationToken)
    {
        var entropy = options.Entropy ?? new SystemEntropy();
        var store = await SqliteRunStore.OpenAsync(options.DataDirectory, options.Time, cancellationToken);

        try
        {
            using var master = MasterKey.OpenOrCreate(options.DataDirectory, !store.IsEmpty, entropy);
            return new ReeveHost(options, options.AroundStore(store), new KeyWrap(master, entropy), entropy);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async Task<RunKey> SubmitAsync(RunRequest request, CancellationToken cancellationToken)
    {
        var admitted = Admission.Admit(SubmissionOf(request));
        await ThrowIfTakenAsync(request.Session, session: null, cancellationToken);
        await RetainAsync(cancellationToken);
        var run = await RunStarter.StartAsync(admitted, _services, cancellationToken);

        if (request.Session is { } name)
        {
            await RenameSessionAsync(run, name, cancellationToken);
        }

        return run;
    }

    private Submission SubmissionOf(RunRequest request)
    {
        var model = request.Model ?? _options.DefaultModel;
        Problem.ThrowUnless(
            model.Length > 0, "model.missing",
            "No model is configured; give --model provider/name, set REEVE_MODEL, or use `reeve model serve`.");

        Problem.ThrowUnless(
            request.RecordTo is null || _options.ReplyCache is null, "config.recording_cached",
            "A recording needs every reply from its model; set models.cache.enabled to false for it.");

        // A folder or a model that cannot be used is said before anything is recorded.
        WorkspaceViews.ThrowUnlessUsable(request.Workspace, _options.DataDirectory);
        var (chain, router) = ChainOf(model, request.Goal);
        var clients = chain.ConvertAll(name => _options.Model(name));
        var hasMoneyLimit = request.DollarsMax is not null || _options.HasMoneyLimit;
        _recording = request.RecordTo is { } path ? (new RecordingModel(clients[0]), path) : null;
        var folders = FolderChoice.Grant(request.Folders, request.Workspace, _options.DataDirectory);
        var mandate = _options.MandateOf(request, Convert.ToHexStringLower(RandomBytes(8))) with
        {
            Folders = [.. folders],
        };

        // A criterion is a command too, and nothing of a dry run is ever applied.
        IReadOnlyList<string> criteria = request.IsDryRun ? [] : request.Criteria ?? [];
        var terms = new RunTerms(
            request.Workspace, SystemPrompt.Compose(mandate, criteria, request.OutputSchema), criteria,
            request.IsDryRun ? "never" : request.Apply)
        {
            IsDryRun = request.IsDryRun,
            OutputSchema = request.OutputSchema,
            Hooks = (_options.FolderHooks(request.Workspace) ?? _options.Hooks) is { } hooks
                ? hooks with { CanAsk = mandate.CanAsk } : null,
            MandateSignature = _keys.Mandates.Sign(mandate.Id, mandate.ToJson()),
        };

        return new Submission(
            Principal.LocalUser, request.Goal, WorkspaceGuidance.Read(request.Workspace), terms,
            MandateBudget.Within(LimitsOf(request), mandate.Limits),
            TermsOf(chain[0], hasMoneyLimit),
            mandate.ToJson(), mandate.Id,
            _keys.Pseudonym(request.Workspace), request.IdempotencyKey)
        {
            Fallback = [.. chain.Skip(1).Select(name => TermsOf(name, hasMoneyLimit))],
            Router = router,
            OutputRepairs = _options.OutputRepairs,
        };
    }

    public async Task<RunState> ContinueAsync(
        RunKey run, IRunObserver observer, RunLoopOptions options, CancellationToken stop)
    {
        var state = await new RunSession(_services).ContinueAsync(run, observer, options, stop);
        _scales.Keep(state);

        if (_recording is { } recording)
        {
            OperatorFiles.Write(recording.Path, recording.Model.ToScript().ToJson(), "script to record to");
        }

        return state;
    }

    public async Task<RunKey> FindAsync(string text, string workspace, CancellationToken cancellationToken)
    {
        var found = text == "last"
            ? await _services.Store.ListAsync(TenantId.Local, _keys.Pseudonym(workspace), 1, cancellationToken)
            : await _services.Store.FindByPrefixAsync(TenantId.Local, text, cancellationToken);

        Problem.ThrowUnless(
            found.Count > 0, "run.not_found",
            text == "last"
                ? "There is no run of this folder yet; `reeve runs --all` lists those of others."
                : "There is no such run; `reeve runs --all` lists them.");
        Problem.ThrowUnless(
            found.Count == 1, "run.ambiguous", "More than one run begins like this; give more of its identifier.");

        return found[0].Run;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.Store.DisposeAsync();
        _programs.Dispose();
        _keys.Dispose();
    }

    /// <summary>The models of a run in the order in which they are asked, and how it chooses among the
    /// first.</summary>
    private (List<string> Chain, RouterTerms? Router) ChainOf(string model, string goal)
    {
        if (model != ModelRouter.Name)
        {
            return ([.. _options.Fallback.Prepend(model).Distinct(StringComparer.Ordinal)], null);
        }

        var router = _options.Router ?? throw new ProblemException(new Problem(
            "config.router_missing",
            $"{ModelRouter.Name} chooses from models.router.ladder; name at least one model there."));
        var rungs = router.Ladder.Distinct(StringComparer.Ordinal).ToList();
        Problem.ThrowUnless(
            !rungs.Contains(ModelRouter.Name), "config.router_invalid", "A rung of models.router.ladder is a model.");

        List<string> chain = [.. rungs.Concat(_options.Fallback).Distinct(StringComparer.Ordinal)];
        return (chain, router.TermsOf(goal, rungs.Count));
    }

    private ModelTerms TermsOf(string model, bool hasMoneyLimit) =>
        _options.TermsOf(model, hasMoneyLimit) with { TokenScale = _scales.Find(model) };

    private IModel ModelOf(string name) => _recording?.Model switch
    {
        null => _options.Model(name),
        { } recording when recording.Name == name => recording,
        { } recording => recording.Around(_options.Model(name)),
    };

    private RunLimits LimitsOf(RunRequest request)
    {
        var limits = _options.Limits;

        if (request.TurnsMax is { } turns)
        {
            limits = limits with { Turns = turns };
        }

        return request.DollarsMax is { } dollars
            ? limits with { Budget = limits.Budget with { Dollars = dollars } } : limits;
    }

    private byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        _services.Entropy.Fill(bytes);
        return bytes;
    }

    // What belongs to another tenant is not there.
    private async Task<RunRecord> RecordAsync(RunKey run, CancellationToken cancellationToken) =>
        (run.Tenant == Principal.LocalUser.Tenant ? await _services.Store.FindAsync(run, cancellationToken) : null)
        ?? throw new ProblemException(
            new Problem("run.not_found", "There is no such run; `reeve runs --all` lists them."));
}

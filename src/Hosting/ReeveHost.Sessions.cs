using System.Text;
using Reeve.Authority;
using Reeve.Doors.Views;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Admission;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Views;

namespace Reeve.Hosting;

/// <summary>Runs that go on from other runs, and the lines they form.</summary>
public sealed partial class ReeveHost
{
    public async Task<ForkReport> ContinueSessionAsync(
        RunKey session, RunRequest request, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            !string.IsNullOrWhiteSpace(request.Goal), "goal.missing", "Say how to go on: reeve -c \"…\".");
        var line = await LineAsync(session, cancellationToken);
        var head = await RecordAsync(line[^1].Run, cancellationToken);
        Problem.ThrowUnless(
            IsOver(head) || await IsUnattendedAsync(head.Run, cancellationToken), "run.busy",
            "The last run of this session is being worked on; wait for it, or end it with `reeve cancel`.");

        if (IsOver(head))
        {
            return await BranchAsync(head.Run, at: null, request, OriginKind.Continue, cancellationToken);
        }

        Problem.ThrowUnless(
            head.Projection.Status != "in_doubt", "session.in_doubt",
            "The last run of this session waits to be told whether a call happened; see `reeve resume --help`.");
        await SayAsync(head.Run, request.Goal, cancellationToken);

        if (request.MustCompact)
        {
            await CompactAsync(head.Run, cancellationToken);
        }

        return new ForkReport(
            head.Run, head.Run, head.HeadSequence, head.HeadSequence, IsNew: false, Applied: null);
    }

    public Task<ForkReport> ForkAsync(
        RunKey parent, long? at, RunRequest request, CancellationToken cancellationToken) =>
        BranchAsync(parent, at, request, OriginKind.Fork, cancellationToken);

    public async Task<ForkReport> RewindAsync(
        RunKey run, long at, RunRequest request, CancellationToken cancellationToken)
    {
        var line = await LineAsync(run, cancellationToken);
        Problem.ThrowUnless(
            IsOver(line[^1]) || await IsUnattendedAsync(line[^1].Run, cancellationToken), "run.busy",
            "The last run of this session is being worked on; wait for it, or end it with `reeve cancel`.");
        var report = await BranchAsync(run, at, request, OriginKind.Rewind, cancellationToken);

        if (string.IsNullOrWhiteSpace(request.Goal))
        {
            // No model is asked: it ends as soon as its files were looked at.
            await ContinueAsync(
                report.Run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), cancellationToken);
        }

        return report;
    }

    public async Task<IReadOnlyList<RewindPoint>> RewindPointsAsync(
        RunKey run, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        var found = new List<(RunState State, RunEvent Entry)>();
        using var source = await ForkSource.ReadAsync(
            _services, record, at: null, (state, entry) => found.Add((state, entry)), cancellationToken);

        return await new RewindPoints(source, _services.Redactor).OfAsync(found, cancellationToken);
    }

    /// <summary>The files first, then the record of the run in one append: what is recorded can be carried
    /// on.</summary>
    private async Task<ForkReport> BranchAsync(
        RunKey parent, long? at, RunRequest request, OriginKind kind, CancellationToken cancellationToken)
    {
        await SweepAsync(cancellationToken);
        await RetainAsync(cancellationToken);
        await ThrowIfTakenAsync(request.Session, session: null, cancellationToken);
        var record = await RecordAsync(parent, cancellationToken);
        using var source = await ForkSource.ReadAsync(_services, record, at, onPoint: null, cancellationToken);
        var hasPrompt = !string.IsNullOrWhiteSpace(request.Goal);
        Problem.ThrowUnless(
            hasPrompt || kind == OriginKind.Rewind || !source.NeedsPrompt, "fork.needs_prompt",
            "The agent has answered there and waits for you: say how to go on, or name an earlier entry.");

        var (submission, terms) = await SubmissionOfAsync(source, request, cancellationToken);
        var admitted = Admission.Admit(submission);
        var run = new RunKey(parent.Tenant, RunStarter.NewRunId(_services.Entropy));
        var line = (await LineAsync(parent, cancellationToken)).Select(known => known.Run)
            .SkipWhile(known => known != parent).ToList();
        using var marker = ForkMarker.Begin(_options.DataDirectory, run.Run.ToString());
        RunKey? applied;

        try
        {
            (var tree, applied) = await _places.ForkAsync(
                line, run, terms, await CheckpointAsync(source, cancellationToken), cancellationToken);
            await ForkStarter.StartAsync(
                admitted,
                new Succession(run.Run, source, kind, hasPrompt, tree) { MustCompact = request.MustCompact },
                _services, cancellationToken);
        }
        catch
        {
            await WorkspaceViews.DiscardAsync(
                RunPlaces.DirectoryOf(_options.DataDirectory, run), CancellationToken.None);
            throw;
        }

        if (request.Session is { } name)
        {
            await RenameSessionAsync(run, name, cancellationToken);
        }

        return new ForkReport(run, parent, source.At, at ?? source.At, IsNew: true, applied);
    }

    /// <summary>What may be done follows from the request alone; what is not said in it is as it was.</summary>
    private async Task<(Submission Submission, RunTerms Terms)> SubmissionOfAsync(
        ForkSource source, RunRequest request, CancellationToken cancellationToken)
    {
        var before = source.State.Admitted!;
        var terms = RunTerms.FromBytes(await source.Memory.BytesAsync(before.Terms, cancellationToken));
        var goal = string.IsNullOrWhiteSpace(request.Goal)
            ? await source.Memory.TextAsync(before.Goal, cancellationToken) : request.Goal;
        var submission = SubmissionOf(request with
        {
            Goal = goal,
            Workspace = terms.Workspace,
            Model = request.Model ?? before.Model.Name,
            Criteria = request.Criteria is { Count: > 0 } named ? named : terms.Criteria,
        });

        return (submission, submission.Terms);
    }

    private static async Task<TreeDigest?> CheckpointAsync(ForkSource source, CancellationToken cancellationToken) =>
        source.State.View is null
            ? source.State.Admitted!.Origin is { } origin
                ? new TreeDigest(await source.Memory.TextAsync(origin.Tree, cancellationToken))
                : null
            : new TreeDigest(await source.Memory.TextAsync(source.State.Tree, cancellationToken));

    /// <summary>A view whose maker was killed before its run was recorded belongs to nobody.</summary>
    private Task SweepAsync(CancellationToken cancellationToken) => ForkMarker.SweepAsync(
        _options.DataDirectory,
        async name =>
        {
            if (RunId.TryParse(name, out var id) && id is { } run
                && await _services.Store.FindAsync(new RunKey(TenantId.Local, run), cancellationToken) is null)
            {
                await WorkspaceViews.DiscardAsync(
                    RunPlaces.DirectoryOf(_options.DataDirectory, new RunKey(TenantId.Local, run)),
                    cancellationToken);
            }
        });

    /// <summary>The runs of the session that a run belongs to, oldest first.</summary>
    private async Task<IReadOnlyList<RunRecord>> LineAsync(RunKey run, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);

        return await _services.Store.RunsOfSessionAsync(
            run with { Run = record.Session }, cancellationToken);
    }
}

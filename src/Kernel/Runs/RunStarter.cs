using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Kernel.Admission;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;

namespace Reeve.Kernel.Runs;

/// <summary>Begins the journal of an admitted run. From here on the journal is the run.</summary>
public static class RunStarter
{
    public static Label Person { get; } = Label.Of([new SourceId("person")], null);

    internal static Label Workspace { get; } = Label.Of([new SourceId("workspace")], null);

    /// <returns>The new run, or the one that the same idempotency key began before.</returns>
    public static async Task<RunKey> StartAsync(
        Admitted admitted, RunServices services, CancellationToken cancellationToken)
    {
        var submission = admitted.Submission;

        if (submission.IdempotencyKey is { } key
            && await services.Store.FindByIdempotencyKeyAsync(submission.Principal.Tenant, key, cancellationToken)
                is { } before)
        {
            return new RunKey(submission.Principal.Tenant, before);
        }

        var run = new RunKey(submission.Principal.Tenant, NewRunId(services.Entropy));
        var runKey = new byte[PayloadSealer.KeyBytes];
        services.Entropy.Fill(runKey);
        using var sealer = new PayloadSealer(run, runKey, services.Entropy);
        var actor = new Actor(ActorKind.Principal, submission.Principal.Name, submission.MandateId);
        var journal = new RunJournal(run, services.Store, sealer, services.Time, actor, default);
        journal.Continue(0, ChainHash.Genesis, 0);

        var state = Prepare(journal, submission, services);
        var create = new NewRun(
            services.Keys.Wrap(run, runKey), submission.WorkspaceId, services.Time.GetUtcNow(),
            submission.IdempotencyKey);
        await journal.AppendAsync(Projection.Of(state), create, inboxTakenThrough: null, cancellationToken);

        return run;
    }

    /// <summary>The first entry: what was agreed, in numbers and sealed words.</summary>
    /// <param name="originOf">What it goes on from; null for a run that begins anew.</param>
    internal static EventDraft Admit(
        RunJournal journal, Submission submission, RunServices services, Func<EventDraft, RunOrigin>? originOf)
    {
        var admitted = journal.Draft(new LabelId(2));
        var pinned = services.Tokens.Count(submission.Terms.SystemPrompt)
            + services.Tools.TokensBy(services.Tokens);

        return admitted.Of(new RunAdmitted(
            admitted.Payload(submission.Goal), admitted.Payload(submission.Mandate),
            admitted.Payload(submission.Terms.ToBytes()), submission.Limits, submission.Model,
            submission.Terms.Criteria.Count, pinned, services.Tokens.Count(submission.Goal))
        {
            Fallback = submission.Fallback,
            HasHooks = submission.Terms.Hooks is { BeforeTool.Count: > 0 },
            LaterHooks = submission.Terms.Hooks?.LaterPoints() ?? default,
            StopRounds = submission.Terms.Hooks?.StopRounds ?? 0,
            OutputRepairs = submission.Terms.OutputSchema.Length > 0 ? submission.OutputRepairs : null,
            Origin = originOf?.Invoke(admitted),
            Router = submission.Router,
        });
    }

    internal static EventDraft Intern(RunJournal journal, int index, Label label)
    {
        var draft = journal.Draft(LabelId.BuiltIn);
        return draft.Of(new LabelInterned(index, draft.Payload(RunMemory.Encode(label))));
    }

    /// <summary>Drawn once for each run.</summary>
    public static RunId NewRunId(IEntropy entropy)
    {
        Span<byte> bytes = stackalloc byte[16];
        entropy.Fill(bytes);
        return RunId.FromBytes(bytes);
    }

    private static RunState Prepare(RunJournal journal, Submission submission, RunServices services)
    {
        var state = RunState.Empty;
        var admitted = Admit(journal, submission, services, originOf: null);
        EventDraft[] drafts = [admitted, Intern(journal, 2, Person), Intern(journal, 3, Workspace)];

        foreach (var draft in drafts.Concat(Guidance(journal, submission, services)))
        {
            state = RunFold.Apply(state, journal.Prepare(draft));
        }

        return state;
    }

    private static IEnumerable<EventDraft> Guidance(RunJournal journal, Submission submission, RunServices services)
    {
        if (submission.Guidance.Length == 0)
        {
            yield break;
        }

        var text = services.Redactor.Redact(submission.Guidance);
        var draft = journal.Draft(new LabelId(3));
        yield return draft.Of(new GuidanceRead(draft.Payload(text), services.Tokens.Count(text)));
    }
}

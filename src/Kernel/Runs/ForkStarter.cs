using System.Text;
using Reeve.Authority.Labels;
using Reeve.Kernel.Admission;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;

namespace Reeve.Kernel.Runs;

/// <summary>Begins the journal of a run that goes on where another one stood, in one append.</summary>
/// <remarks>
/// What it may do follows from its own admission alone. The conversation is copied byte for byte, so that a provider
/// finds its cache, sealed with the new run's key, and each part keeps the label it had.
/// </remarks>
public static class ForkStarter
{
    private const string Unanswered = "cancelled (run.ended): the run ended before this call had a result.";

    public static async Task<RunKey> StartAsync(
        Admitted admitted, Succession succession, RunServices services, CancellationToken cancellationToken)
    {
        var submission = admitted.Submission;
        var run = new RunKey(submission.Principal.Tenant, succession.Run);
        var runKey = new byte[PayloadSealer.KeyBytes];
        services.Entropy.Fill(runKey);
        using var sealer = new PayloadSealer(run, runKey, services.Entropy);
        var actor = new Actor(ActorKind.Principal, submission.Principal.Name, submission.MandateId);
        var journal = new RunJournal(run, services.Store, sealer, services.Time, actor, default);
        journal.Continue(0, ChainHash.Genesis, 0);

        var first = RunStarter.Admit(journal, submission, services, draft => OriginOf(draft, succession));
        var parts = await PartsAsync(succession, submission, first.Body as RunAdmitted, services, cancellationToken);
        var state = Prepare(journal, first, parts, succession.MustCompact);
        var create = new NewRun(
            services.Keys.Wrap(run, runKey), submission.WorkspaceId, services.Time.GetUtcNow(),
            submission.IdempotencyKey, succession.Session);
        await journal.AppendAsync(Projection.Of(state), create, inboxTakenThrough: null, cancellationToken);

        return run;
    }

    private static RunOrigin OriginOf(EventDraft draft, Succession succession)
    {
        var source = succession.Source;

        return new RunOrigin(
            source.Record.Run.Run.ToString(), source.At, source.Hash.ToString(), succession.Session.ToString(),
            succession.Kind, 1 + (source.State.Admitted!.Origin?.Depth ?? 0), succession.HasPrompt,
            draft.Payload(succession.Tree.Hex));
    }

    private static RunState Prepare(
        RunJournal journal, EventDraft first, List<Part> parts, bool mustCompact)
    {
        var labels = new List<Label> { Label.LeastTrusted, Label.BuiltIn, RunStarter.Person, RunStarter.Workspace };
        var drafts = new List<EventDraft> { first };

        foreach (var label in parts.Select(part => part.Label).Distinct().Except(labels))
        {
            labels.Add(label);
        }

        drafts.AddRange(labels.Select((label, index) => (label, index)).Skip(2)
            .Select(known => RunStarter.Intern(journal, known.index, known.label)));
        drafts.AddRange(parts.Chunk(ContextCarried.ItemsMax).Select(chunk => Carry(journal, chunk, labels)));

        if (mustCompact)
        {
            var asked = journal.Draft(LabelId.BuiltIn);
            drafts.Add(asked.Of(new CompactionRequested(asked.Payload("the prompt"))));
        }

        return drafts.Aggregate(RunState.Empty, (state, draft) => RunFold.Apply(state, journal.Prepare(draft)));
    }

    // The entry as a whole bears the least trusted label; each part in it has its own.
    private static EventDraft Carry(RunJournal journal, Part[] parts, List<Label> labels)
    {
        var draft = journal.Draft(LabelId.LeastTrusted);

        return draft.Of(new ContextCarried([.. parts.Select(part => new CarriedItem(
            part.Kind, labels.IndexOf(part.Label), part.Index,
            part.Same.IsNone ? draft.Payload(part.Bytes) : part.Same, part.Tokens,
            part.Name, part.Full is null ? PayloadRef.None : draft.Payload(part.Full)))]));
    }

    private static async Task<List<Part>> PartsAsync(
        Succession succession, Submission submission, RunAdmitted? admitted, RunServices services,
        CancellationToken cancellationToken)
    {
        var source = succession.Source;
        var (state, memory) = (source.State, source.Memory);
        var parts = new List<Part>(state.Items.Count + 2);

        foreach (var item in state.Items)
        {
            var bytes = await memory.BytesAsync(item.Content, cancellationToken);
            var (name, full) = await ArchivedAsync(item, bytes, source, cancellationToken);

            // Only the first goal and the present one are pinned; those between are what a person said.
            var isPast = item.Kind == ContextItemKind.Goal && parts.Count > 0 && succession.HasPrompt;
            parts.Add(new Part(
                isPast ? ContextItemKind.Input : item.Kind, memory.LabelOf(item.Label), item.Index, bytes,
                item.Tokens, name, full, PayloadRef.None));
        }

        foreach (var call in source.Unanswered)
        {
            Answer(parts, call, source, services);
        }

        AddGuidance(parts, submission, services);

        if (succession.HasPrompt)
        {
            parts.Add(new Part(
                ContextItemKind.Goal, RunStarter.Person, 0, [], admitted!.GoalTokens, "", null, admitted.Goal));
        }

        return parts;
    }

    /// <summary>Every call must have a result before a model is asked again.</summary>
    private static void Answer(List<Part> parts, CallState call, ForkSource source, RunServices services)
    {
        var reply = source.State.IndexOfReply(call.Id);
        var place = reply + 1;

        while (place < parts.Count && parts[place].Kind == ContextItemKind.Observation
            && parts[place].Index < call.Id.Index)
        {
            place++;
        }

        parts.Insert(place, new Part(
            ContextItemKind.Observation, parts[reply].Label, call.Id.Index, Encoding.UTF8.GetBytes(Unanswered),
            services.Tokens.Count(Unanswered), "", null, PayloadRef.None));
    }

    /// <summary>What the workspace tells agents now, where that is something else than it told before.</summary>
    private static void AddGuidance(List<Part> parts, Submission submission, RunServices services)
    {
        var text = services.Redactor.Redact(submission.Guidance);
        var known = parts.FindLast(part => part.Kind == ContextItemKind.Guidance);

        if (text.Length > 0 && (known is null || Encoding.UTF8.GetString(known.Bytes) != text))
        {
            parts.Add(new Part(
                ContextItemKind.Guidance, RunStarter.Workspace, 0, Encoding.UTF8.GetBytes(text),
                services.Tokens.Count(text), "", null, PayloadRef.None));
        }
    }

    /// <summary>The whole of an observation that is shown cut, under the name that stands in it.</summary>
    private static async Task<(string Name, byte[]? Full)> ArchivedAsync(
        ContextItem item, byte[] bytes, ForkSource source, CancellationToken cancellationToken)
    {
        if (item.Kind != ContextItemKind.Observation || source.State.Archive.IsEmpty
            || bytes.AsSpan().IndexOf("[truncated: "u8) < 0)
        {
            return ("", null);
        }

        var text = Encoding.UTF8.GetString(bytes);
        var name = source.State.Archive.Keys.FirstOrDefault(
            key => text.Contains($"name \"{key}\"", StringComparison.Ordinal));

        return name is null
            ? ("", null) : (name, await source.Memory.BytesAsync(source.State.Archive[name], cancellationToken));
    }

    /// <param name="Same">The payload of an entry before it that says the same; none where it has its own.</param>
    private sealed record Part(
        ContextItemKind Kind, Label Label, int Index, byte[] Bytes, int Tokens, string Name, byte[]? Full,
        PayloadRef Same);
}

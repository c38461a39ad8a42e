using System.Collections.Immutable;
using Reeve.Authority.Labels;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Recovery;
using Reeve.Kernel.Tools;
using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Runs;

/// <summary>Calls the model and settles what it cost.</summary>
internal sealed class ModelActs(RunWorker worker)
{
    private readonly Transcript _transcript = new(worker);

    public async Task<IReadOnlyList<EventDraft>> CallAsync(
        CallModel step, RunState state, CancellationToken cancellationToken)
    {
        var request = await _transcript.BuildAsync(state, step, cancellationToken);

        try
        {
            var (reply, isCached) = await ReplyAsync(request, step, state, cancellationToken);
            return step.Purpose == ModelPurpose.Compaction
                ? Compacted(reply, state) : Replied(reply, isCached, step, state);
        }
        catch (ModelCallException failure)
        {
            return [Failed(failure, step, state)];
        }
    }

    private async Task<(ModelReply Reply, bool IsCached)> ReplyAsync(
        ModelRequest request, CallModel step, RunState state, CancellationToken cancellationToken)
    {
        var model = worker.ModelAt(state.ModelIndex);

        if (worker.Services.Replies is not { } replies || step.Purpose != ModelPurpose.Turn)
        {
            return (await model.CallAsync(request, worker.Observer.OnDelta, cancellationToken), false);
        }

        var name = replies.NameOf(
            worker.Services.Keys, worker.Journal.Run.Tenant, model.Name, worker.LabelOfContext(state), request);

        if (replies.Find(name) is { } known)
        {
            return (known, true);
        }

        var reply = await model.CallAsync(request, worker.Observer.OnDelta, cancellationToken);
        replies.Keep(name, reply);
        return (reply, false);
    }

    /// <summary>A summary without a model: what was called and how it ended.</summary>
    public async Task<IReadOnlyList<EventDraft>> CompactPlainlyAsync(
        RunState state, CancellationToken cancellationToken)
    {
        var items = Transcript.ItemsToCompact(state);
        var lines = new List<string>
        {
            $"{items.Count} parts of the record were left out to make room. Calls in them:",
        };

        foreach (var item in items.Where(item => item.Kind == ContextItemKind.Reply))
        {
            var reply = await worker.Memory.ReplyAsync(item.Content, cancellationToken);
            lines.AddRange(reply.ToolCalls.Select(call => $"- {call.Name} {Head(call.Arguments, 160)}"));
        }

        return [Summary(string.Join('\n', lines.Take(200)), items, state, default)];
    }

    private IReadOnlyList<EventDraft> Compacted(ModelReply reply, RunState state)
    {
        var items = Transcript.ItemsToCompact(state);
        var cost = CostOf(reply, state, out _);
        return [Summary(worker.Redact(reply.Message.Text), items, state, cost)];
    }

    private EventDraft Summary(string text, ImmutableList<ContextItem> items, RunState state, Cost cost)
    {
        // A summary is never more trusted than what it was made from.
        var label = items.MaxBy(item => item.Sequence)!.Label;
        var draft = worker.Journal.Draft(label);
        worker.Memory.Forget(items.Select(item => item.Content));
        return draft.Of(new ContextCompacted(items.Count, draft.Payload(text),
            worker.Services.Tokens.Count(text), cost)
        {
            Replaced = items.Where(item => !item.IsPinned).Sum(item => (long)item.Tokens),
        });
    }

    private List<EventDraft> Replied(ModelReply reply, bool isCached, CallModel step, RunState state)
    {
        var drafts = new List<EventDraft>();
        var shape = ShapeOf(reply);
        var message = Accepted(reply.Message, shape);
        var isEstimated = false;
        var cost = isCached ? default : CostOf(reply, state, out isEstimated);
        var draft = worker.Draft(worker.LabelOfReply(state), step.RequestedAt);
        var payload = draft.Payload(MessageCodec.Encode(message));
        worker.Memory.KeepMessage(payload, message);

        drafts.Add(draft.Of(new ModelReplied(
            step.Turn, payload, reply.Stop, shape, CallsOf(message), cost, isEstimated,
            Math.Min(TokensOf(message), OutputTokensOf(reply, state)))
        {
            IsCached = isCached,
        }));

        if (Nudge(shape) is { } nudge)
        {
            var input = worker.Journal.Draft(LabelId.BuiltIn);
            drafts.Add(input.Of(new InputReceived(input.Payload(nudge), worker.Services.Tokens.Count(nudge))));
        }

        return drafts;
    }

    private EventDraft Failed(ModelCallException failure, CallModel step, RunState state)
    {
        // What a failed attempt cost is not known, so what was reserved is charged whole.
        var reserved = state.Budget.ReservationOf(new CallId(step.RequestedAt));
        var draft = worker.Journal.Draft(LabelId.LeastTrusted, step.RequestedAt);
        var failed = new ModelFailed(
            step.Purpose, step.Turn, step.Attempt, failure.Problem.Code, failure.Problem.IsRetryable, failure.WasSent,
            (long)(failure.RetryAfter ?? TimeSpan.Zero).TotalMilliseconds, failure.WasSent ? reserved : default,
            draft.Payload(worker.Redact(failure.Problem.Message)));

        return draft.Of(failed with
        {
            Class = Recoveries.ClassOf(failed.Code), Action = Recoveries.OfModel(state, failed),
        });
    }

    private static ReplyShape ShapeOf(ModelReply reply) => reply switch
    {
        { Stop: StopReason.OutputLimit } => ReplyShape.Cut,
        { Stop: StopReason.Refusal or StopReason.ContentFilter } => ReplyShape.Declined,
        _ when reply.Message.ToolCalls.Any() => ReplyShape.Calls,
        _ when string.IsNullOrWhiteSpace(reply.Message.Text) => ReplyShape.Empty,
        _ => ReplyShape.Final,
    };

    /// <summary>
    /// The reply as the conversation keeps it: calls only where they will be answered, each with a name of its own.
    /// </summary>
    private static Message Accepted(Message message, ReplyShape shape)
    {
        var parts = ImmutableArray.CreateBuilder<MessagePart>();
        var names = new HashSet<string>(StringComparer.Ordinal);

        foreach (var part in message.Parts)
        {
            if (part is not ToolCallPart call)
            {
                parts.Add(part);
            }
            else if (shape == ReplyShape.Calls)
            {
                var isNamed = call.Id.Length > 0 && names.Add(call.Id);
                parts.Add(isNamed ? call : call with { Id = Unused(names) });
            }
        }

        if (!parts.Any(part => part is ToolCallPart or TextPart { Text.Length: > 0 }))
        {
            parts.Add(new TextPart(shape == ReplyShape.Cut ? "(cut)" : "(nothing)"));
        }

        return new Message(MessageRole.Assistant, parts.ToImmutable());
    }

    private static string Unused(HashSet<string> names)
    {
        var number = names.Count;

        // Ends: each round tries a number that was not tried before.
        while (!names.Add($"call_{number}"))
        {
            number++;
        }

        return $"call_{number}";
    }

    private ImmutableArray<AskedCall> CallsOf(Message message) =>
    [
        .. message.ToolCalls.Select((call, index) => new AskedCall(
            index, worker.Services.Tools.TryFind(call.Name, out var tool) ? tool.Spec.Name : "")),
    ];

    private static string? Nudge(ReplyShape shape) => shape switch
    {
        ReplyShape.Cut =>
            "Your reply was cut at the output limit; no call of it was run. Go on in smaller steps.",
        ReplyShape.Empty => "Your reply was empty. Call a tool, or call finish with what you have to say.",
        _ => null,
    };

    private Cost CostOf(ModelReply reply, RunState state, out bool isEstimated)
    {
        isEstimated = reply.Usage is null;
        var reserved = state.Budget.ReservationOf(new CallId(state.Model.RequestedAt));

        // A reply is never longer than what was reserved for it, whatever an estimate makes of its words.
        var usage = reply.Usage
            ?? new Usage(reserved.InputTokens, Math.Min(TokensOf(reply.Message), reserved.OutputTokens));
        var terms = state.TermsOf(state.ModelIndex);
        return Planner.CostOf(terms, Math.Max(0, usage.InputTokens), Math.Max(0, usage.OutputTokens));
    }

    // What the provider held to, or says it made, is the most that comes back to it in the next request.
    private static int OutputTokensOf(ModelReply reply, RunState state) => (int)Math.Clamp(
        reply.Usage?.OutputTokens ?? 0, state.Model.OutputTokensMax, int.MaxValue);

    private int TokensOf(Message message) => message.Parts.Sum(part => part switch
    {
        TextPart text => worker.Services.Tokens.Count(text.Text),
        ReasoningPart reasoning => worker.Services.Tokens.Count(reasoning.Text + reasoning.ProviderData),
        ToolCallPart call => worker.Services.Tokens.Count(call.Name + call.Arguments) + 8,
        _ => 0,
    });

    private static string Head(string text, int charactersMax) =>
        text.Length <= charactersMax ? text : text[..charactersMax] + "…";
}

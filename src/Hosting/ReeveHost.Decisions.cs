using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Principals;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;

namespace Reeve.Hosting;

/// <summary>What the gate said, read from journals, and what other rules would say of the same calls.</summary>
public sealed partial class ReeveHost
{
    public async Task<IReadOnlyList<RecordedDecision>> DecisionsAsync(
        RunKey run, CancellationToken cancellationToken)
    {
        var recorded = await ReadDecisionsAsync(await RecordAsync(run, cancellationToken), cancellationToken);

        return
        [
            .. recorded.Calls.Select(call => new RecordedDecision(
                call.Sequence, call.Call, call.Decided.Tool.Length > 0 ? call.Decided.Tool : Shown(call.Asked.Name),
                Shown(call.Asked.Arguments), WordOf(call.Decided.Decision), call.Said.Reason, call.Said.Rule,
                CommandJudgement.TierOf(call.Said), recorded.Mandate.Id, WordOf(recorded.Mandate.Mode),
                WordsOf(call.Label))),
        ];
    }

    public async Task<Backtest> BacktestAsync(
        IReadOnlyList<Rule> rules, IReadOnlyList<Rule>? baseline, string? workspace, int runsMax,
        CancellationToken cancellationToken)
    {
        var id = workspace is null ? null : _keys.Pseudonym(workspace);
        var records = await _services.Store.ListAsync(
            TenantId.Local, id, Math.Min(runsMax, ListMax), cancellationToken);
        var changed = new List<ChangedDecision>();
        var count = 0;

        foreach (var record in records)
        {
            var recorded = await ReadDecisionsAsync(record, cancellationToken);
            var gate = GateOf(recorded.Mandate, rules);
            var old = baseline is null ? null : GateOf(recorded.Mandate, baseline);
            count += recorded.Calls.Count;

            foreach (var call in recorded.Calls)
            {
                var before = old is null ? call.Decided.Decision : TryDecide(old, call)?.Decision;

                if (TryDecide(gate, call) is { } now && now.Decision != before)
                {
                    changed.Add(new ChangedDecision(
                        record.Run.Run.ToString(), call.Sequence, call.Decided.Tool, Shown(call.Asked.Arguments),
                        WordOf(before ?? call.Decided.Decision), WordOf(now.Decision), now.Reason, now.Rule));
                }
            }
        }

        return new Backtest(records.Count, count, changed);
    }

    private static PolicyEngine GateOf(Mandate mandate, IReadOnlyList<Rule> rules) => new(mandate with
    {
        Rules = [.. mandate.Rules.Where(rule => rule.Tier != RuleTier.User), .. rules],
    });

    // What was refused for its arguments is refused under any rules.
    private Verdict? TryDecide(PolicyEngine gate, DecidedCall call)
    {
        if (!_services.Tools.TryFind(call.Asked.Name, out var tool))
        {
            return null;
        }

        try
        {
            using var arguments = JsonDocument.Parse(
                string.IsNullOrWhiteSpace(call.Asked.Arguments) ? "{}" : call.Asked.Arguments);
            return gate.Decide(
                tool.Spec.Name, tool.EffectsOf(arguments.RootElement), new Circumstances(call.At, call.Label));
        }
        catch (Exception refused) when (refused is ProblemException or JsonException or ArgumentException)
        {
            return null;
        }
    }

    private async Task<(Mandate Mandate, List<DecidedCall> Calls)> ReadDecisionsAsync(
        RunRecord record, CancellationToken cancellationToken)
    {
        var decided = new List<RunEvent>();
        var replies = new Dictionary<long, PayloadRef>();
        using var opened = await OpenedRun.OpenAsync(_services, record, Take, cancellationToken);
        var mandate = Mandate.FromJson(
            await opened.Memory.BytesAsync(opened.State.Admitted!.Mandate, cancellationToken));
        var calls = new List<DecidedCall>();

        foreach (var entry in decided)
        {
            var body = (ToolDecided)entry.Body;
            var call = entry.Call!.Value;
            var reply = await opened.Memory.ReplyAsync(replies[call.Sequence], cancellationToken);
            var said = (await opened.Memory.TextAsync(body.Reason, cancellationToken)).Split('\n', 2);
            calls.Add(new DecidedCall(
                entry.Sequence, entry.At, call.ToString(), reply.ToolCalls.ElementAt(call.Index), body,
                new Verdict(body.Decision, Shown(said[0]), Shown(said.Length > 1 ? said[1] : "")),
                opened.Memory.LabelOf(entry.Label)));
        }

        return (mandate, calls);

        void Take(RunEvent entry)
        {
            if (entry.Body is ModelReplied replied)
            {
                replies[entry.Sequence] = replied.Reply;
            }
            else if (entry is { Body: ToolDecided, Call: not null })
            {
                decided.Add(entry);
            }
        }
    }

    private static string WordOf<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());

    private static string WordsOf(Label label) => label.Sources is not { } sources ? "from anywhere"
        : sources.Count == 0 ? "built in" : string.Join(", ", sources.Select(source => source.Name).Order());

    private sealed record DecidedCall(
        long Sequence, DateTimeOffset At, string Call, ToolCallPart Asked, ToolDecided Decided, Verdict Said,
        Label Label);
}

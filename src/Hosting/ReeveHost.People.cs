using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Hosting.Permissions;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting;

/// <summary>What people say to a run, from whichever process: it goes through the inbox.</summary>
public sealed partial class ReeveHost
{
    private const string LocalUser = "local-user";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(50);

    public async Task CancelAsync(RunKey run, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);

        if (IsOver(record))
        {
            return;
        }

        await PostCancelAsync(record, cancellationToken);

        // Where a living process works on the run it ends it; where none does, this one takes it and ends it.
        while (!IsOver(await RecordAsync(run, cancellationToken)))
        {
            if (await IsUnattendedAsync(run, cancellationToken))
            {
                await TryContinueAsync(run, cancellationToken);
                continue;
            }

            await Task.Delay(s_look, _options.Time, cancellationToken);
        }
    }

    public Task AnswerAsync(
        RunKey run, string? action, bool isApproved, string reason, CancellationToken cancellationToken) =>
        AnswerAsync(run, action, new ApprovalReply(isApproved) { Reason = reason }, cancellationToken);

    public async Task AnswerAsync(
        RunKey run, string? action, ApprovalReply reply, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        Problem.ThrowUnless(
            !IsOver(record), "approval.not_found", "The run is over, so nothing of it waits for an answer.");
        using var opened = await OpenedRun.OpenAsync(_services, record, onEntry: null, cancellationToken);
        var pending = opened.State.Calls
            .Where(call => call.Stage == CallStage.WaitsForApproval)
            .Where(call => action is null || call.Action.Hex.StartsWith(action, StringComparison.OrdinalIgnoreCase))
            .ToList();

        Problem.ThrowUnless(pending.Count > 0, "approval.not_found", "Nothing of this run waits for such an answer.");
        Problem.ThrowUnless(
            pending.Count == 1, "approval.ambiguous",
            "More than one action waits; name the one with --action (`reeve approve --list` shows them).");
        Problem.ThrowUnless(
            pending[0].ApprovalExpiresAt > _options.Time.GetUtcNow(), "approval.expired",
            "Nobody answered in time; go on with `reeve resume`, and the agent may ask again.");

        var by = reply.By.Length > 0 ? reply.By : LocalUser;
        var asked = ProposedAction.FromBytes(await opened.Memory.BytesAsync(pending[0].Action, cancellationToken));
        var rules = await RulesOfAsync(reply, asked, pending[0], opened, by, cancellationToken);
        var answer = new InboxAnswer(pending[0].Action.Hex, reply.IsApproved, by, reply.Reason)
        {
            Scope = reply.IsApproved ? reply.Scope : ApprovalScope.Once,
            Rules = string.Join('\n', rules),
            Said = reply.Said,
        };

        await PostAsync(record, InboxKind.Approval, sealer => InboxSeal.Seal(sealer, answer), cancellationToken);

        if (rules.Count > 0 && reply.Scope is ApprovalScope.Project or ApprovalScope.Always)
        {
            var terms = RunTerms.FromBytes(
                await opened.Memory.BytesAsync(opened.State.Admitted!.Terms, cancellationToken));
            new KeptRules(_options.DataDirectory).Keep(
                rules, reply.Scope == ApprovalScope.Always ? null : terms.Workspace, by, _options.Time.GetUtcNow());
        }
    }

    public IReadOnlyList<KeptRule> KeptRules() => new KeptRules(_options.DataDirectory).List();

    public async Task<int> RevokeAsync(string rule, CancellationToken cancellationToken)
    {
        var text = StandingApprovals.Parse(rule);
        var removed = new KeptRules(_options.DataDirectory).Revoke(text);

        // A run that was admitted while it stood carries it in its mandate, and is told.
        foreach (var record in await _services.Store.ListAsync(
            Kernel.Principals.TenantId.Local, null, ListMax, cancellationToken))
        {
            if (!IsOver(record))
            {
                await PostAsync(
                    record, InboxKind.Revoke, sealer => InboxSeal.Seal(sealer, new InboxText(LocalUser, text)),
                    cancellationToken);
            }
        }

        return removed;
    }

    /// <summary>What is approved beyond the action. A rule that does not cover it was meant for something
    /// else.</summary>
    private async Task<IReadOnlyList<string>> RulesOfAsync(
        ApprovalReply reply, ProposedAction asked, CallState call, OpenedRun opened, string by,
        CancellationToken cancellationToken)
    {
        foreach (var approver in call.Approvers)
        {
            Problem.ThrowUnless(
                !reply.IsApproved
                    || (await opened.Memory.TextAsync(approver, cancellationToken)).Split(':')[0] != by,
                "approval.same_person", "This needs two persons, and you have approved it already.");
        }

        if (!reply.IsApproved || reply.Scope is ApprovalScope.Once or ApprovalScope.Plan)
        {
            return [];
        }

        var given = reply.Rules.Count > 0
            ? reply.Rules : asked.Rules.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Problem.ThrowUnless(
            given.Count > 0 && asked.Persons == 1, "approval.once_only",
            "This can only be approved once: no rule can name it, or it needs two persons.");
        List<string> rules = [.. given.Select(StandingApprovals.Parse)];
        Problem.ThrowUnless(
            await CoversAsync(rules, asked, opened, cancellationToken), "approval.rule_mismatch",
            "These rules do not cover what is asked; approve it once, or write a rule that covers it.");

        return rules;
    }

    private async Task<bool> CoversAsync(
        List<string> rules, ProposedAction asked, OpenedRun opened, CancellationToken cancellationToken)
    {
        if (!_services.Tools.TryFind(asked.Tool, out var tool))
        {
            return false;
        }

        using var arguments = JsonDocument.Parse(
            string.IsNullOrWhiteSpace(asked.Arguments) ? "{}" : asked.Arguments);
        var mandate = await opened.Memory.BytesAsync(opened.State.Admitted!.Mandate, cancellationToken);

        return _services.Gates(mandate).Decide(
            tool.Spec.Name, tool.EffectsOf(arguments.RootElement),
            new Circumstances(opened.State.Now, Label.BuiltIn) { Approved = StandingApprovals.Of(rules) }).IsAllowed;
    }

    public async Task SayAsync(RunKey run, string text, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        Problem.ThrowUnless(!IsOver(record), "run.finished", "The run is finished; begin a new one.");
        Problem.ThrowUnless(
            text.Length is > 0 and <= Kernel.Admission.Admission.GoalBytesMax / 4, "message.invalid",
            "A message has between 1 and 65536 characters.");
        var said = new InboxText(LocalUser, text);
        await PostAsync(record, InboxKind.Message, sealer => InboxSeal.Seal(sealer, said), cancellationToken);
    }

    public async Task CompactAsync(RunKey run, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        Problem.ThrowUnless(!IsOver(record), "run.finished", "The run is finished; go on in its session instead.");
        var asked = new InboxText(LocalUser, "");
        await PostAsync(record, InboxKind.Compact, sealer => InboxSeal.Seal(sealer, asked), cancellationToken);
    }

    public async Task ResolveDoubtAsync(RunKey run, string call, bool happened, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(run, cancellationToken);
        using var opened = await OpenedRun.OpenAsync(_services, record, onEntry: null, cancellationToken);
        Problem.ThrowUnless(
            opened.State.Calls.Any(known => known.Stage == CallStage.InDoubt && known.Id.ToString() == call),
            "doubt.not_found", "No such call of this run is in doubt; `reeve show` names those that are.");
        var doubt = new InboxDoubt(call, happened, LocalUser);
        await PostAsync(record, InboxKind.Doubt, sealer => InboxSeal.Seal(sealer, doubt), cancellationToken);
    }

    private static bool IsOver(RunRecord record) => record.Projection.Status
        is "succeeded" or "unverified" or "failed" or "cancelled" or "out_of_budget";

    private async Task<bool> IsUnattendedAsync(RunKey run, CancellationToken cancellationToken) =>
        await _services.Store.HolderAsync(run, cancellationToken) is not { } holder || _services.IsDead(holder);

    private async Task TryContinueAsync(RunKey run, CancellationToken cancellationToken)
    {
        try
        {
            await ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), cancellationToken);
        }
        catch (ProblemException refusal) when (refusal.Problem.Code is "run.busy" or "run.fenced")
        {
            // Somebody else took it in the meantime, and will read the same message.
        }
    }

    private async Task PostCancelAsync(RunRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await PostAsync(record, InboxKind.Cancel, sealer => InboxSeal.Seal(sealer, new InboxText(LocalUser, "")),
                cancellationToken);
        }
        catch (ProblemException refusal) when (refusal.Problem.Code == "inbox.full")
        {
            // As many cancels as there is room for wait already, and one is enough.
        }
    }

    private async Task PostAsync(
        RunRecord record, InboxKind kind, Func<PayloadSealer, byte[]> seal, CancellationToken cancellationToken)
    {
        using var sealer = new PayloadSealer(
            record.Run, _keys.KeyOf(record), _services.Entropy);
        await _services.Store.PostAsync(record.Run, kind, seal(sealer), cancellationToken);
    }
}

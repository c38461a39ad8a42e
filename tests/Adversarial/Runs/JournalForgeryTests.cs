using Reeve.Authority.Policy;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Adversarial.Runs;

/// <summary>Whoever changes a stored journal is found out, at the place they changed.</summary>
public sealed class JournalForgeryTests
{
    [Fact]
    [Trait("Req", "RUN-2")]
    [Trait("Req", "STORE-2")]
    public async Task A_payload_that_was_altered_is_named_by_its_entry()
    {
        await using var reeve = Reading();
        var report = await reeve.RunAsync();
        var (observed, payload) = await ObservationAsync(reeve, report.Run);

        await ForgedJournal.SqlAsync(
            reeve, $"UPDATE payload SET sealed = CAST(sealed || x'00' AS BLOB) WHERE commitment = x'{payload.Hex}';");

        Assert.Equal((observed, "payload.corrupt"), await FaultAsync(reeve, report.Run));
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    [Trait("Req", "STORE-2")]
    public async Task A_payload_in_the_place_of_another_is_named_by_its_entry()
    {
        await using var reeve = Reading();
        var report = await reeve.RunAsync();
        var (observed, payload) = await ObservationAsync(reeve, report.Run);
        var other = await ForgedJournal.AddPayloadAsync(reeve, report.Run, "all is well"u8.ToArray());

        await ForgedJournal.SqlAsync(
            reeve,
            $"UPDATE payload SET sealed = (SELECT sealed FROM payload WHERE commitment = x'{other.Hex}') "
            + $"WHERE commitment = x'{payload.Hex}';");

        Assert.Equal((observed, "payload.corrupt"), await FaultAsync(reeve, report.Run));
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task An_entry_rewritten_together_with_its_hash_breaks_the_chain_after_it()
    {
        await using var reeve = Reading();
        var report = await reeve.RunAsync();
        var decided = (await ForgedJournal.ReadAsync(reeve, report.Run))
            .First(entry => entry.Type == ToolDecided.WireName);

        await ForgedJournal.RewriteAsync(reeve, decided, entry => entry with { At = entry.At.AddHours(-1) });

        Assert.Equal((decided.Sequence + 1, "journal.broken_chain"), await FaultAsync(reeve, report.Run));
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task An_entry_whose_bytes_were_altered_is_named()
    {
        await using var reeve = Reading();
        var report = await reeve.RunAsync();
        var last = (await ForgedJournal.ReadAsync(reeve, report.Run))[^1];
        var bytes = EventEnvelope.Encode(EventEnvelope.Decode(last.Bytes) with { CausedBy = 1 });

        await ForgedJournal.SqlAsync(
            reeve, $"UPDATE event SET bytes = x'{Convert.ToHexString(bytes)}' WHERE sequence = {last.Sequence};");

        Assert.Equal((last.Sequence, "journal.altered"), await FaultAsync(reeve, report.Run));
    }

    [Fact]
    [Trait("Req", "RUN-2")]
    public async Task A_last_entry_rewritten_together_with_its_hash_is_not_the_head_that_was_recorded()
    {
        await using var reeve = Reading();
        var report = await reeve.RunAsync();
        var last = (await ForgedJournal.ReadAsync(reeve, report.Run))[^1];

        await ForgedJournal.RewriteAsync(reeve, last, entry => entry with { CausedBy = 1 });

        Assert.Equal((last.Sequence + 1, "journal.truncated"), await FaultAsync(reeve, report.Run));
    }

    /// <summary>The person is shown something harmless; the chain holds; and still nothing but that may run.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Req", "GATE-7")]
    public async Task An_action_swapped_under_an_approval_does_not_run(bool isSwapped)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.txt", content = "harm" }), Finishes()))
        {
            ChangeMandate = mandate => mandate with
            {
                Rules = [RuleSyntax.Parse("Write(a.txt)", Decision.Ask, RuleTier.User)], CanAsk = true,
            },
        };
        var run = (await reeve.RunAsync()).Run;

        if (isSwapped)
        {
            await SwapAsync(reeve, run);
        }

        await reeve.AnswerAsync(run, isApproved: true);
        var report = await reeve.ContinueAsync(run);

        Assert.Equal(isSwapped ? 0 : 1, report.Changes.Count);
        Assert.Equal(isSwapped, (await reeve.TextsAsync(run)).Contains("approval.mismatch", StringComparison.Ordinal));
    }

    /// <summary>Whoever kept the first yes and posts it again, under the next question, is not heard.</summary>
    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task An_answer_posted_again_approves_no_other_action()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "first.txt", content = "x" }),
            Call("write", new { path = "second.txt", content = "x" }), Finishes()))
        {
            ChangeMandate = mandate => mandate with
            {
                Rules = [RuleSyntax.Parse("Write(**)", Decision.Ask, RuleTier.User)], CanAsk = true,
            },
        };
        var run = (await reeve.RunAsync()).Run;
        await reeve.AnswerAsync(run, isApproved: true);
        await ForgedJournal.SqlAsync(reeve, "CREATE TABLE kept AS SELECT tenant, run, kind, sealed FROM inbox;");
        var second = await reeve.ContinueAsync(run);
        Assert.Contains("second.txt", Assert.Single(second.Approvals).Arguments, StringComparison.Ordinal);

        await ForgedJournal.SqlAsync(
            reeve, "INSERT INTO inbox (tenant, run, kind, sealed) SELECT * FROM kept; DROP TABLE kept;");
        var again = await reeve.ContinueAsync(run);

        Assert.Equal(RunStatus.Waiting, again.Status);
        Assert.Contains("second.txt", Assert.Single(again.Approvals).Arguments, StringComparison.Ordinal);
    }

    private static async Task SwapAsync(ReeveHarness reeve, RunKey run)
    {
        var entries = await reeve.EntriesAsync(run);
        var asked = entries.Single(shown => shown.Entry.Body is ApprovalRequested);
        var shown = asked.Texts[((ApprovalRequested)asked.Entry.Body).Action];
        var action = ProposedAction.FromBytes(System.Text.Encoding.UTF8.GetBytes(shown));
        var harmless = action with { Arguments = """{"path":"a.txt","content":"good"}""" };
        var payload = await ForgedJournal.AddPayloadAsync(reeve, run, harmless.ToBytes());

        await ForgedJournal.RewriteChainAsync(reeve, run, asked.Entry.Sequence, entry => entry with
        {
            Body = ((ApprovalRequested)entry.Body) with { Action = payload },
            Payloads = [payload],
        });

        var pending = await reeve.WithHostAsync(host => host.ReportAsync(run, CancellationToken.None));
        Assert.Contains("good", Assert.Single(pending.Approvals).Arguments, StringComparison.Ordinal);
    }

    private static ReeveHarness Reading()
    {
        var reeve = new ReeveHarness(Of(Call("read", new { path = "a.txt" }), Finishes()));
        reeve.Write("a.txt", "all is lost\n");
        return reeve;
    }

    private static async Task<(long Sequence, PayloadRef Payload)> ObservationAsync(ReeveHarness reeve, RunKey run)
    {
        Assert.Null((await reeve.WithHostAsync(host => host.VerifyAsync(run, CancellationToken.None))).Fault);
        var entry = (await reeve.EntriesAsync(run)).First(shown => shown.Entry.Body is ToolFinished).Entry;
        return (entry.Sequence, ((ToolFinished)entry.Body).Observation);
    }

    private static async Task<(long Sequence, string Code)> FaultAsync(ReeveHarness reeve, RunKey run)
    {
        var fault = (await reeve.WithHostAsync(host => host.VerifyAsync(run, CancellationToken.None))).Fault!;
        return (fault.Sequence, fault.Code);
    }
}

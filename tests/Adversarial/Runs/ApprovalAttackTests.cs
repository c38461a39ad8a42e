using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Adversarial.Runs;

/// <summary>Answers that are replayed, forged or meant for something else, and targets that are swapped.</summary>
public sealed class ApprovalAttackTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Req", "GATE-7")]
    public async Task A_target_that_was_swapped_after_the_approval_is_not_written(bool isSwapped)
    {
        // The command runs between the question and the answer, and turns the approved folder into another one.
        var command = isSwapped ? "rmdir open && ln -s secret open" : "ls open";
        await using var reeve = new ReeveHarness(Of(
            Calls(("shell", new { command }), ("write", new { path = "open/a.txt", content = "x" })), Finishes()))
        {
            ChangeMandate = mandate => mandate with
            {
                CanAsk = true,
                Rules =
                [
                    RuleSyntax.Parse("Write(open/**)", Decision.Ask, RuleTier.User),
                    RuleSyntax.Parse("Write(secret/**)", Decision.Deny, RuleTier.User),
                ],
            },
        };
        Directory.CreateDirectory(Path.Combine(reeve.Workspace, "open"));
        reeve.Write("secret/kept.txt", "kept");
        var waiting = await reeve.RunAsync();
        Assert.Equal("write", Assert.Single(waiting.Approvals).Tool);

        await reeve.AnswerAsync(waiting.Run, isApproved: true);
        var report = await reeve.ContinueAsync(waiting.Run, Stop);
        var written = report.Changes.Select(change => change.Path)
            .Where(path => path.EndsWith("a.txt", StringComparison.Ordinal));

        Assert.Equal(isSwapped ? [] : ["open/a.txt"], written);
    }

    [Theory]
    [InlineData(ApprovalScope.Once)]
    [InlineData(ApprovalScope.Always)]
    [Trait("Req", "GATE-7")]
    public async Task A_yes_to_a_run_that_is_over_is_refused_and_keeps_no_rule(ApprovalScope scope)
    {
        await using var reeve = new ReeveHarness(Of(Call("write", new { path = "a.txt", content = "x" }), Finishes()))
        {
            ChangeMandate = mandate => mandate with
            {
                CanAsk = true, Rules = [RuleSyntax.Parse("Write(**)", Decision.Ask, RuleTier.User)],
            },
        };
        var run = (await reeve.RunAsync()).Run;
        await using var host = await reeve.OpenAsync();
        await host.CancelAsync(run, Stop);

        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => host.AnswerAsync(run, null, new ApprovalReply(true, scope), Stop));

        Assert.Equal("approval.not_found", refused.Problem.Code);
        Assert.Empty(host.KeptRules());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [Trait("Req", "GATE-7")]
    public async Task However_answers_are_mixed_up_only_what_was_approved_happens(int seed)
    {
        var random = new Random(seed);
        var files = Enumerable.Range(0, 4).Select(index => $"{index}.txt").ToList();
        await using var reeve = new ReeveHarness(Of(
            [.. files.Select(file => Call("write", new { path = file, content = "x" })), Finishes()]))
        {
            ChangeMandate = mandate => mandate with
            {
                CanAsk = true, Rules = [RuleSyntax.Parse("Write(**)", Decision.Ask, RuleTier.User)],
            },
        };
        var report = await reeve.RunAsync();
        var approved = new List<string>();
        var old = new List<string> { new('0', 64) };

        for (var index = 0; index < files.Count; index++)
        {
            var question = Assert.Single(report.Approvals);
            Assert.Contains(files[index], question.Arguments, StringComparison.Ordinal);

            // Answers to what was asked before, and to what nobody asked, are refused at once or count for nothing.
            await TryAsync(reeve, report.Run, old[random.Next(old.Count)]);
            Assert.Single((await reeve.ContinueAsync(report.Run, Stop)).Approvals);

            var isApproved = random.Next(2) == 0;
            var repeats = random.Next(1, 4);

            for (var repeat = 0; repeat < repeats; repeat++)
            {
                // The first word counts: what is posted after it, the opposite included, does not.
                await TryAsync(reeve, report.Run, question.Action, repeat == 0 ? isApproved : !isApproved);
            }

            old.Add(question.Action);
            approved.AddRange(isApproved ? [files[index]] : []);
            report = await reeve.ContinueAsync(report.Run, Stop);
        }

        Assert.Equal(approved, report.Changes.Select(change => change.Path).Order(StringComparer.Ordinal));
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, Stop))).Fault);
    }

    private static async Task TryAsync(ReeveHarness reeve, RunKey run, string action, bool isApproved = true) =>
        await Record.ExceptionAsync(() => reeve.WithHostAsync(async host =>
        {
            await host.AnswerAsync(run, action, new ApprovalReply(isApproved), Stop);
            return true;
        }));
}

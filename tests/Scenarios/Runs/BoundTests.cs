using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Files;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>What grows is bounded, what is unknown is not spent, and what is written can be taken back.</summary>
public sealed class BoundTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Req", "RUN-11")]
    public async Task One_message_past_the_bound_is_refused_and_those_before_are_kept()
    {
        await using var reeve = new ReeveHarness(Of(Call("write", new { path = "a.txt", content = "x" }), Finishes()))
        {
            ChangeMandate = mandate => mandate with
            {
                Rules = [RuleSyntax.Parse("Write(a.txt)", Decision.Ask, RuleTier.User)], CanAsk = true,
            },
        };
        var waiting = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        for (var count = 0; count < IRunStore.InboxMessagesMax; count++)
        {
            await host.SayAsync(waiting.Run, $"message {count}", Stop);
        }

        var refused = await Assert.ThrowsAsync<ProblemException>(() => host.SayAsync(waiting.Run, "one more", Stop));
        Assert.Equal("inbox.full", refused.Problem.Code);
    }

    [Fact]
    [Trait("Req", "RUN-11")]
    [Trait("Req", "RUN-5")]
    public async Task A_run_with_a_full_inbox_can_still_be_cancelled()
    {
        await using var reeve = new ReeveHarness(Of(Call("write", new { path = "a.txt", content = "x" }), Finishes()))
        {
            ChangeMandate = mandate => mandate with
            {
                Rules = [RuleSyntax.Parse("Write(a.txt)", Decision.Ask, RuleTier.User)], CanAsk = true,
            },
        };
        var waiting = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        for (var count = 0; count < IRunStore.InboxMessagesMax; count++)
        {
            await host.SayAsync(waiting.Run, $"message {count}", Stop);
        }

        await Assert.ThrowsAsync<ProblemException>(() => host.SayAsync(waiting.Run, "one more", Stop));
        var exitCode = await new Cli.CommandSession(reeve).TypeAsync("cancel", waiting.Run.Run.ToString());

        Assert.Equal(0, exitCode);
        Assert.Equal(RunStatus.Cancelled, (await host.ReportAsync(waiting.Run, Stop)).Status);
        Assert.Null((await host.VerifyAsync(waiting.Run, Stop)).Fault);
        Assert.Null((await host.ReplayAsync(waiting.Run, Stop)).Fault);
    }

    [Fact]
    [Trait("Req", "MODEL-5")]
    public async Task An_unknown_price_is_unknown_on_the_bill_and_refused_under_a_limit_in_money()
    {
        await using var reeve = new ReeveHarness(Of(Says("hello")))
        {
            Change = options => options with { TermsOf = (name, isMoney) => new ModelTerms(name, null, null, "unknown", isMoney) },
        };

        var report = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => host.SubmitAsync(
            new RunRequest("Do it.", reeve.Workspace, DollarsMax: 1m), Stop));

        Assert.Null(report.Bill.Dollars);
        Assert.Equal("price.unknown", refused.Problem.Code);
        Assert.Single(await host.ListAsync(reeve.Workspace, 10, Stop));
    }

    [Fact]
    [Trait("Req", "FS-2")]
    public async Task A_file_past_the_limit_is_not_written_and_not_read()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "big.txt", content = new string('x', (int)FileLimits.Default.WriteBytesMax + 1) }),
            Call("read", new { path = "huge.txt" }),
            Finishes()));
        using (var huge = File.Create(Path.Combine(reeve.Workspace, "huge.txt")))
        {
            huge.SetLength(FileLimits.Default.ReadBytesMax + 1);
        }

        Assert.Empty((await reeve.RunAsync()).Changes);
    }

    [Fact]
    [Trait("Req", "FS-2")]
    public async Task A_deleted_file_comes_back_with_its_bytes_and_mode()
    {
        await using var reeve = new ReeveHarness(Of(Call("delete", new { path = "tool.sh" }), Finishes()));
        reeve.Write("tool.sh", "#!/bin/sh\n");
        var path = Path.Combine(reeve.Workspace, "tool.sh");
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.SetUnixFileMode(path, Mode);
        var report = await reeve.RunAsync();
        await using var host = await reeve.OpenAsync();

        await host.ApplyAsync(report.Run, false, null, Stop);
        Assert.False(File.Exists(path));
        await host.UndoAsync(report.Run, Stop);

        Assert.Equal("#!/bin/sh\n", reeve.Read("tool.sh"));
        Assert.Equal(Mode, File.GetUnixFileMode(path));
    }
}

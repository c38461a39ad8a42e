using System.Globalization;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Doors.Views;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;
using Reeve.Tests.Scenarios.Storage;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Edits of ranges, differences, taking back, the list of work, questions and the time.</summary>
public sealed class PersonAndHistoryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [Trait("Req", "FS-5")]
    [InlineData("a\nb\nc\n", 2, 2, "b", "b", "x\ny", "a\nx\ny\nc\n")]
    [InlineData("a\nb\nc\n", 2, 1, "a", "b", "x", "a\nx\nb\nc\n")]
    [InlineData("a\nb\nc", 3, 3, "c", "c", "x", "a\nb\nx")]
    [InlineData("a\nb\nc", 4, 3, "c", "", "x", "a\nb\nc\nx")]
    [InlineData("a\r\nb\r\nc\r\n", 1, 2, "a", "b", "x\ny\n", "x\r\ny\r\nc\r\n")]
    [InlineData("a\nb\nc\n", 1, 3, "a", "c", "", "")]
    [InlineData("", 1, 0, "", "", "x\n", "x\n")]
    [InlineData("a\n  b  \nc\n", 2, 2, "  b", "  b", "x", "a\nx\nc\n")]
    public async Task A_range_of_lines_becomes_the_text_and_the_rest_stays(
        string before, int from, int to, string first, string last, string text, string after)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("fim_edit", new
            {
                path = "a.txt", fromLine = from, toLine = to, firstLine = first, lastLine = last, newText = text,
            }),
            Finishes()));
        reeve.Write("a.txt", before);

        var report = await reeve.RunAsync();

        var answer = (await reeve.AnswersAsync(report.Run))[0];
        Assert.True(answer.Outcome == ToolOutcome.Done, answer.Text);
        Assert.Equal(before, reeve.Read("a.txt"));
        await using var host = await reeve.OpenAsync();
        Assert.True((await host.ApplyAsync(report.Run, includeIgnored: false, reviewedTree: null, Stop)).IsDone);
        Assert.Equal(after, reeve.Read("a.txt"));
    }

    [Theory]
    [Trait("Req", "FS-5")]
    [InlineData("a.txt", 2, 2, "stale", "b", "edit.stale")]
    [InlineData("a.txt", 1, 2, "a", "stale", "edit.stale")]
    [InlineData("a.txt", 2, 1, "stale", "b", "edit.stale")]
    [InlineData("a.txt", 1, 9, "a", "i", "edit.stale")]
    [InlineData("a.txt", 9, 8, "", "", "edit.stale")]
    [InlineData("a.txt", 0, 1, "a", "a", "argument.invalid")]
    [InlineData("a.txt", 3, 1, "a", "a", "argument.invalid")]
    [InlineData("../a.txt", 1, 1, "a", "a", "gate.denied")]
    [InlineData("out/hostname", 1, 1, "a", "a", "path.outside_workspace")]
    [InlineData(".git/config", 1, 1, "a", "a", "gate.denied")]
    [InlineData("binary", 1, 1, "a", "a", "file.not_text")]
    public async Task A_range_that_is_not_as_it_was_believed_to_be_is_refused(
        string path, int from, int to, string first, string last, string code)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("a.txt", "a\nb\nc\n");
        reeve.Write("binary", "a\0");
        Directory.CreateSymbolicLink(Path.Join(reeve.Workspace, "out"), "/etc");

        var answer = await reeve.CallOnceAsync("fim_edit", System.Text.Json.JsonSerializer.Serialize(new
        {
            path, fromLine = from, toLine = to, firstLine = first, lastLine = last, newText = "owned",
        }));

        Assert.Equal((ToolOutcome.Refused, code), (answer.Outcome, answer.Code));
    }

    /// <summary>The model read the file, and then somebody changed what lies between the ends of the range.</summary>
    [Theory]
    [Trait("Req", "FS-5")]
    [InlineData("", null)]
    [InlineData("a\nB\nc", null)]
    [InlineData("a\r\nB\r\nc\r\n", null)]
    [InlineData("a\nb\nc", "edit.stale")]
    [InlineData("a\nc", "edit.stale")]
    [InlineData("a\nB\nc\nd", "edit.stale")]
    public async Task A_range_whose_middle_has_changed_is_refused_to_who_says_what_it_expects(
        string expected, string? code)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("read", new { path = "a.txt" }),
            Call("shell", new { command = "sed -i s/b/B/ a.txt" }),
            Call("fim_edit", new
            {
                path = "a.txt", fromLine = 1, toLine = 3, firstLine = "a", lastLine = "c", newText = "x", expected,
            }),
            Call("shell", new { command = "cat a.txt" }),
            Finishes()));
        reeve.Write("a.txt", "a\nb\nc\nd\n");

        var answers = await reeve.AnswersAsync((await reeve.RunAsync()).Run);

        Assert.Equal(code ?? "", answers[2].Code ?? "");
        Assert.EndsWith(code is null ? "\nx\nd\n" : "\na\nB\nc\nd\n", answers[3].Text, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "FS-5")]
    [InlineData("""{"fromLine":2,"toLine":1,"firstLine":"a","lastLine":"b","expected":"b"}""")]
    [InlineData("""{"fromLine":1,"toLine":1,"firstLine":"a","lastLine":"a","expected":["a"]}""")]
    public async Task What_is_expected_is_the_text_of_a_range(string arguments)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("a.txt", "a\nb\n");

        var answer = await reeve.CallOnceAsync(
            "fim_edit", """{"path":"a.txt","newText":"x",""" + arguments[1..]);

        Assert.Equal("argument.invalid", answer.Code);
    }

    [Fact]
    [Trait("Req", "FS-5")]
    public async Task A_difference_is_of_the_view_against_its_base_or_of_two_files()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("diff", new { }),
            Call("write", new { path = "a.txt", content = "one\nTWO\n" }),
            Call("write", new { path = "sub/new.txt", content = "new\n" }),
            Call("write", new { path = "hidden.txt", content = "crown-jewels-2\n" }),
            Call("diff", new { }),
            Call("diff", new { path = "sub" }),
            Call("diff", new { path = "a.txt", other = "b.txt" }),
            Call("diff", new { path = "a.txt", other = "../b.txt" }),
            Call("diff", new { path = "a.txt", other = "hidden.txt" }),
            Call("diff", new { path = "out/hostname", other = "a.txt" }),
            Call("diff", new { path = "hidden.txt" }),
            Call("diff", new { path = "a.txt", other = "a.txt" }),
            Finishes()));
        reeve.Write("a.txt", "one\ntwo\n");
        reeve.Write("b.txt", "one\n");
        reeve.Write("hidden.txt", "crown-jewels\n");
        Directory.CreateSymbolicLink(Path.Join(reeve.Workspace, "out"), "/etc");
        reeve.ChangeMandate = mandate => mandate with
        {
            Rules = [RuleSyntax.Parse("Read(hidden.txt)", Decision.Deny, RuleTier.User)],
        };

        var run = (await reeve.RunAsync()).Run;
        var diffs = (await reeve.AnswersAsync(run)).Where(answer => answer.Tool == "diff").ToList();

        Assert.Equal("[nothing has changed]\n", diffs[0].Text);
        Assert.Contains("-two\n+TWO\n", diffs[1].Text, StringComparison.Ordinal);
        Assert.Contains("Added sub/new.txt (+1 -0)", diffs[1].Text, StringComparison.Ordinal);
        Assert.Contains("[1 changed files are not shown", diffs[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("TWO", diffs[2].Text, StringComparison.Ordinal);
        Assert.Contains("-TWO", diffs[3].Text, StringComparison.Ordinal);
        Assert.All(diffs[4..8], diff => Assert.Equal(ToolOutcome.Refused, diff.Outcome));
        Assert.Equal("[the files are the same]\n", diffs[8].Text);
        Assert.DoesNotContain(diffs, diff => diff.Text.Contains("jewels", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    [Trait("Req", "FS-2")]
    public async Task Edits_and_commands_are_taken_back_one_by_one(ViewPreference kind)
    {
        await using var reeve = new ReeveHarness(Of(
            Call("undo", new { }),
            Call("edit", new { path = "a.txt", oldText = "one", newText = "two" }),
            Call("shell", new { command = "rm a.txt; mkdir made; echo x > made/x; chmod 700 made" }),
            Call("shell", new { command = "true" }),
            Call("undo", new { }),
            Call("shell", new { command = "cat a.txt; ls" }),
            Call("undo", new { }),
            Call("read", new { path = "a.txt" }),
            Call("undo", new { }),
            Call("write", new { path = "b.txt", content = "b" }),
            Call("write", new { path = "c.txt", content = "c" }),
            Call("undo", new { count = 2 }),
            Call("undo", new { count = 101 }),
            Finishes()))
        {
            Change = options => options with { View = kind },
        };
        reeve.Write("a.txt", "one\n");

        var report = await reeve.RunAsync();

        var answers = await reeve.AnswersAsync(report.Run);
        Assert.Equal("undo.nothing_left", answers[0].Code);
        Assert.Contains("two", answers[5].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("made", answers[5].Text, StringComparison.Ordinal);
        Assert.Contains("one", answers[7].Text, StringComparison.Ordinal);
        Assert.Equal("undo.nothing_left", answers[8].Code);
        Assert.Equal(ToolOutcome.Done, answers[11].Outcome);
        Assert.Equal("argument.invalid", answers[12].Code);
        Assert.Empty(report.Changes);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task The_list_of_work_is_kept_and_shown_to_the_person()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("todo", new { }),
            Call("todo", new { items = new[] { new { text = "first", status = "doing" } } }),
            Call("todo", new
            {
                items = new[] { new { text = "first", status = "done" }, new { text = "second", status = "open" } },
            }),
            Call("todo", new { }),
            Call("todo", new { items = new[] { new { text = "a\nb", status = "open" } } }),
            Call("todo", new { items = new[] { new { text = "a", status = "finished" } } }),
            Call("todo", new { items = Enumerable.Repeat(new { text = "a", status = "open" }, 101) }),
            Finishes()));

        var report = await reeve.RunAsync();

        var answers = await reeve.AnswersAsync(report.Run);
        Assert.Equal("[the list is empty]\n", answers[0].Text);
        Assert.Equal("[x] first\n[ ] second\n", answers[3].Text);
        Assert.All(answers[4..7], answer => Assert.Equal("argument.invalid", answer.Code));
        Assert.Equal("[x] first\n[ ] second\n", report.Todo);
    }

    [Fact]
    [Trait("Req", "GATE-7")]
    public async Task A_question_waits_for_words_and_the_model_gets_them()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("ask_user", new { question = "Which colour?", options = new[] { "red", "blue" } }), Finishes()));
        reeve.ChangeMandate = mandate => mandate with { CanAsk = true, Mode = PermissionMode.BypassPermissions };

        var waiting = await reeve.RunAsync();
        await reeve.WithHostAsync(async host =>
        {
            await host.AnswerAsync(waiting.Run, null, isApproved: true, "blue: as the sky", Stop);
            return true;
        });
        var report = await reeve.ContinueAsync(waiting.Run);

        Assert.Equal((RunStatus.Waiting, "approval"), (waiting.Status, waiting.Reason));
        Assert.Contains("Which colour?", Assert.Single(waiting.Approvals).Arguments, StringComparison.Ordinal);
        Assert.Equal("The person answered: blue: as the sky\n", (await reeve.AnswersAsync(report.Run))[0].Text);
    }

    [Theory]
    [InlineData(false, PermissionMode.Default, "gate.denied")]
    [InlineData(true, PermissionMode.DontAsk, "gate.denied")]
    public async Task A_question_that_nobody_can_answer_is_denied_also_where_a_rule_allows_it(
        bool canAsk, PermissionMode mode, string code)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.ChangeMandate = mandate => mandate with { CanAsk = canAsk, Mode = mode };

        Assert.Equal(code, (await reeve.CallOnceAsync("ask_user", """{"question":"Which colour?"}""")).Code);
    }

    [Fact]
    public async Task A_question_without_words_or_with_too_many_options_is_refused()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));

        foreach (var arguments in (string[])
        [
            """{"question":" "}""", """{"question":"x","options":["1","2","3","4","5","6","7","8","9","10","11"]}""",
            """{"question":"x","options":[""]}""", """{"question":"x","answer":"yes"}""", "{}",
        ])
        {
            Assert.Equal("argument.invalid", (await reeve.CallOnceAsync("ask_user", arguments)).Code);
        }
    }

    [Fact]
    public async Task The_time_is_the_clocks_and_stays_what_it_was_in_the_journal()
    {
        var time = new ManualTime();
        await using var reeve = new ReeveHarness(Of(Call("now", new { }), Finishes()));
        reeve.Change = options => options with { Time = time };
        var before = time.GetUtcNow().ToUnixTimeSeconds();

        var report = await reeve.RunAsync();
        time.Advance(TimeSpan.FromDays(400));

        var answer = (await reeve.AnswersAsync(report.Run))[0].Json;
        Assert.Equal(before, answer.GetProperty("unixSeconds").GetInt64());
        Assert.Equal(
            before,
            DateTimeOffset.Parse(answer.GetProperty("utc").GetString()!, CultureInfo.InvariantCulture)
                .ToUnixTimeSeconds());
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(before).DayOfWeek.ToString(), answer.GetProperty("weekday").GetString());
        Assert.Equal("argument.invalid", (await reeve.CallOnceAsync("now", """{"zone":"x"}""")).Code);
    }
}

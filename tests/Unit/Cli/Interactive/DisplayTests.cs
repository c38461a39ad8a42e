using Reeve.Authority;
using Reeve.Cli.Interactive.Display;
using Reeve.Cli.Interactive.Turns;
using Reeve.Cli.Screen;
using Reeve.Kernel.Journal;
using Xunit;

namespace Reeve.Tests.Unit.Cli.Interactive;

public sealed class DisplayTests
{
    private readonly StringWriter _shown = new();

    [Fact]
    public void Markdown_gives_looks_and_changes_no_text()
    {
        var markdown = new Markdown();

        Assert.Equal([new Piece("Title", Style.Bold)], markdown.Line("## Title"));
        Assert.Equal(
            ["• ", "a ", new Piece("b", Style.Bold), " c ", new Piece("d", Style.Accent), ""],
            markdown.Line("- a **b** c `d`"));
        markdown.Line("```sh");
        Assert.Equal(new Piece("**not bold**", Style.Accent), markdown.Line("**not bold**")[1]);
        markdown.Line("```");
        Assert.Equal(["", "2 * 3 * 4"], markdown.Line("2 * 3 * 4"));
    }

    [Fact]
    public void Speech_is_shown_by_whole_lines_with_secrets_taken_out()
    {
        var speech = Speech(text => text.Replace("topsecret", "***", StringComparison.Ordinal));

        speech.Push("first top");
        Assert.Equal("", _shown.ToString());
        speech.Push("secret line\n-----BEGIN KEY-----\nabc\n");
        Assert.Equal("first *** line\n", _shown.ToString());
        speech.Push("-----END KEY-----\nlast");
        speech.End();

        Assert.Equal("first *** line\n-----BEGIN KEY-----\nabc\n-----END KEY-----\nlast\n", _shown.ToString());
    }

    [Fact]
    public void What_speech_holds_back_is_bounded()
    {
        var speech = Speech(text => text);

        speech.Push("-----BEGIN KEY-----\n" + new string('x', SpeechStream.HeldLengthMax + 1));

        Assert.NotEqual("", _shown.ToString());
    }

    [Fact]
    public void The_area_is_cut_to_the_screen_and_a_line_without_end_is_broken()
    {
        var area = new LiveArea(_shown, () => (20, 10), hasColor: false);
        area.Prompt(PromptRows.Of("› ", new string('日', 100), 100, 18, 3), new string('h', 50), "footer");
        area.Pane([.. Enumerable.Range(0, LiveArea.PaneRowsMax + 1).Select(index => $"line {index}")]);
        var last = _shown.ToString()[_shown.ToString().LastIndexOf("\u001b[J", StringComparison.Ordinal)..];

        Assert.DoesNotContain("line 0", last, StringComparison.Ordinal);
        Assert.Contains($"line {LiveArea.PaneRowsMax}", last, StringComparison.Ordinal);
        Assert.Equal(LiveArea.PaneRowsMax + 3 + 2 - 1, last.Count(letter => letter == '\n'));

        area.Print(new string('x', LiveArea.LineLengthMax + 1));
        Assert.Contains("xxx\n", _shown.ToString(), StringComparison.Ordinal);
        area.Prompt(PromptRows.Of("› ", "", 0, 18, 3), new string('h', LiveArea.HintLengthMax + 1), "");
        Assert.DoesNotContain(new string('h', 20), _shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_that_wait_are_counted_until_a_request_takes_them()
    {
        var messages = new MessagesUnderWay();

        for (var index = 0; index < IRunStore.InboxMessagesMax; index++)
        {
            messages.Post($"{index}");
        }

        Assert.Equal("inbox.full", Assert.Throws<ProblemException>(() => messages.Post("more")).Problem.Code);
        messages.Received("0");
        Assert.Equal(IRunStore.InboxMessagesMax, messages.Count);
        messages.Taken();
        Assert.Equal(IRunStore.InboxMessagesMax - 1, messages.Count);
        Assert.DoesNotContain("0", messages.Unheard());
    }

    private SpeechStream Speech(Func<string, string> redact) =>
        new(new Terminal(_shown, _shown, TextReader.Null, TerminalTraits.None), redact);
}

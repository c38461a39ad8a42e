using Reeve.Cli.Interactive.Editing;
using Reeve.Cli.Interactive.Keys;
using Xunit;

namespace Reeve.Tests.Unit.Cli.Interactive;

public sealed class LineEditorTests
{
    private string _saved = "";

    [Fact]
    public void A_newline_in_a_paste_never_submits()
    {
        var editor = Editor();

        Assert.Equal(EditOutcome.Changed, editor.Handle(new Key(KeyKind.Paste, "a\nb\n")));
        Assert.Equal(EditOutcome.Submitted, editor.Handle(new Key(KeyKind.Enter)));
        Assert.Equal("a\nb\n", editor.Entered);
    }

    [Fact]
    public void A_text_has_a_bound_and_what_is_past_it_is_not_taken()
    {
        var editor = Editor();
        editor.Handle(new Key(KeyKind.Paste, new string('x', LineBuffer.LengthMax)));

        editor.Handle(new Key(KeyKind.Text, "y"));

        Assert.Equal(LineBuffer.LengthMax, editor.Text.Length);
        Assert.Contains("At most", editor.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void History_forgets_the_oldest_keeps_lines_whole_and_takes_nothing_too_long()
    {
        var history = new History(null, text => text.Replace("secret", "***", StringComparison.Ordinal), Save);

        for (var index = 0; index <= History.EntriesMax; index++)
        {
            history.Add($"{index}\n\\n secret");
        }

        history.Add(new string('x', History.EntryLengthMax + 1));
        var again = new History(_saved, text => text, Save);

        Assert.Equal(History.EntriesMax, again.Count);
        Assert.Equal("1\n\\n ***", again[0]);
        Assert.True(_saved.Length < History.FileBytesMax);
    }

    [Fact]
    public void Completion_fills_in_what_all_candidates_have()
    {
        var editor = Editor("alpha-one", "alpha-two");
        editor.Handle(new Key(KeyKind.Text, "al"));

        editor.Handle(new Key(KeyKind.Tab));

        Assert.Equal("alpha-", editor.Text);
        Assert.Equal("alpha-one  alpha-two", editor.Hint);
        Assert.Equal("", Completion.None.Common);
        Assert.True(Completion.CandidatesMax > editor.Hint.Split(' ').Length);
    }

    [Fact]
    public void Characters_of_several_code_units_are_deleted_whole()
    {
        var editor = Editor();
        editor.Handle(new Key(KeyKind.Text, "a👨‍👩‍👧e\u0301"));

        editor.Handle(new Key(KeyKind.Backspace));
        Assert.Equal("a👨‍👩‍👧", editor.Text);
        editor.Handle(new Key(KeyKind.Backspace));
        Assert.Equal("a", editor.Text);
    }

    private LineEditor Editor(params string[] known) => new(new History(null, text => text, Save), new Known(known));

    private void Save(string text) => _saved = text;

    private sealed class Known(string[] known) : ICompleter
    {
        public Completion Complete(string textToCursor) =>
            new(0, [.. known.Where(text => text.StartsWith(textToCursor, StringComparison.Ordinal))]);
    }
}

namespace Reeve.Cli.Screen;

/// <summary>How a piece of text looks where the terminal has colours.</summary>
internal enum Style
{
    Plain = 0,
    Bold,
    Dim,
    Italic,
    Good,
    Warning,
    Bad,
    Accent,
}

/// <summary>A piece of text and its look. The text is made inert when it is written, whoever wrote it.</summary>
internal readonly record struct Piece(string Text, Style Style = Style.Plain)
{
    public static implicit operator Piece(string text) => new(text);
}

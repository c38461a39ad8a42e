namespace Reeve.Cli.Interactive.Keys;

/// <summary>What a person pressed, as the editor knows it.</summary>
internal enum KeyKind
{
    /// <summary>Text that was typed.</summary>
    Text = 0,

    /// <summary>Text that was pasted: inert, whatever is in it.</summary>
    Paste,
    Enter,

    /// <summary>A new line in the text, as Alt-Enter.</summary>
    NewLine,
    Tab,
    Escape,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    WordLeft,
    WordRight,

    /// <summary>Ctrl and the letter in <see cref="Key.Text"/>.</summary>
    Control,

    /// <summary>A key this editor has no use for.</summary>
    Unknown,
}

/// <param name="Text">What was typed or pasted; the letter of a control key; empty otherwise.</param>
internal readonly record struct Key(KeyKind Kind, string Text = "")
{
    public static Key Control(char letter) => new(KeyKind.Control, letter.ToString());
}

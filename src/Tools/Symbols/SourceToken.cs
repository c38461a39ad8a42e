namespace Reeve.Tools.Symbols;

/// <summary>A word or a sign of a source file; comments and texts are none.</summary>
/// <param name="Text">The word; of a sign its one character.</param>
/// <param name="Line">The first line of a file is 1.</param>
/// <param name="Indent">The column where it begins, when it is the first of its line; else -1.</param>
internal readonly record struct SourceToken(string Text, int Line, int Indent)
{
    public bool IsWord => Text.Length > 0 && (char.IsLetter(Text[0]) || Text[0] is '_' or '$');

    public bool IsFirst => Indent >= 0;

    public bool Is(char sign) => Text.Length == 1 && Text[0] == sign;
}

/// <summary>A place where a name is declared or used.</summary>
internal sealed record Symbol(string Name, string Kind, int Line, string Container);

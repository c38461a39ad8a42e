using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>A word as the program receives it, as far as that can be told before it runs.</summary>
/// <param name="Text">Quotes and backslashes are gone; an expansion stays as it was written.</param>
/// <param name="IsLiteral">False when the shell would still expand something in it.</param>
public readonly record struct ShellWord(string Text, bool IsLiteral)
{
    /// <summary>What it is put together from; nothing for a literal word.</summary>
    internal ImmutableArray<ShellPiece> Pieces { get; init; }

    internal bool IsQuoted { get; init; }

    /// <summary>True where the expansion may decide what the first character is.</summary>
    internal bool HasUnknownStart => !IsLiteral && !Pieces.IsDefaultOrEmpty
        && Pieces[0].Kind is not (ShellPieceKind.Text or ShellPieceKind.Tilde or ShellPieceKind.Number
            or ShellPieceKind.Channel);

    internal bool Has(ShellPieceKind kind)
    {
        foreach (var piece in Pieces.IsDefault ? [] : Pieces)
        {
            if (piece.Kind == kind)
            {
                return true;
            }
        }

        return false;
    }

    internal static ShellWord Of(string text) => new(text, IsLiteral: true);
}

/// <summary>A stretch of a word that is expanded, or not, in one way.</summary>
/// <param name="Text">The text, the pattern, or the name of the variable.</param>
internal readonly record struct ShellPiece(ShellPieceKind Kind, string Text);

internal enum ShellPieceKind
{
    Text = 0,

    /// <summary>A sign that stands for names of files.</summary>
    Glob,

    /// <summary>A home directory.</summary>
    Tilde,
    Variable,

    /// <summary>Made from a variable by an operator, as <c>${x:-y}</c>.</summary>
    Derived,

    /// <summary>The result of arithmetic on numbers.</summary>
    Number,

    /// <summary>What other commands print.</summary>
    Output,

    /// <summary>A pipe to or from other commands, as <c>&lt;(sort a)</c>.</summary>
    Channel,

    /// <summary>A sign of a brace expansion, before it is carried out.</summary>
    Brace,
}

using System.Collections.Immutable;
using System.Text;

namespace Reeve.Authority.Policy;

/// <summary>Puts a word together from its pieces.</summary>
internal sealed class WordBuilder
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _run = new();
    private readonly List<ShellPiece> _pieces = [];
    private bool _isLiteral = true;

    public bool IsQuoted { get; set; }

    public bool IsEmpty => _text.Length == 0 && !IsQuoted;

    public int Braces { get; private set; }

    public char Last => _text.Length > 0 ? _text[^1] : '\0';

    public void Append(char letter)
    {
        _text.Append(letter);
        _run.Append(letter);
    }

    public void Append(ReadOnlySpan<char> letters)
    {
        _text.Append(letters);
        _run.Append(letters);
    }

    /// <param name="shown">How the piece looks in the text of the word.</param>
    public void Append(ShellPieceKind kind, string text, string shown)
    {
        EndRun();
        _pieces.Add(new ShellPiece(kind, text));
        _text.Append(shown);
        _isLiteral = false;
        Braces += (kind, text) switch
        {
            (ShellPieceKind.Brace, "{") => 1,
            (ShellPieceKind.Brace, "}") => -1,
            _ => 0,
        };
    }

    public ShellWord ToWord()
    {
        EndRun();

        return new ShellWord(_text.ToString(), _isLiteral)
        {
            IsQuoted = IsQuoted,
            Pieces = _isLiteral ? default : [.. _pieces],
        };
    }

    /// <summary>A word made anew from pieces, literal where all of them are text.</summary>
    public static ShellWord Join(IEnumerable<ShellPiece> pieces, bool isQuoted)
    {
        var word = new WordBuilder { IsQuoted = isQuoted };

        foreach (var piece in pieces)
        {
            if (piece.Kind is ShellPieceKind.Text or ShellPieceKind.Brace)
            {
                word.Append(piece.Text);
            }
            else
            {
                word.Append(piece.Kind, piece.Text, Show(piece));
            }
        }

        return word.ToWord();
    }

    private static string Show(ShellPiece piece) => piece.Kind switch
    {
        ShellPieceKind.Variable or ShellPieceKind.Derived => "$" + piece.Text,
        ShellPieceKind.Output => "$()",
        ShellPieceKind.Channel => "<()",
        ShellPieceKind.Number => "$(())",
        _ => piece.Text,
    };

    private void EndRun()
    {
        if (_run.Length > 0)
        {
            _pieces.Add(new ShellPiece(ShellPieceKind.Text, _run.ToString()));
            _run.Clear();
        }
    }
}

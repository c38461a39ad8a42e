namespace Reeve.Authority.Policy;

/// <summary>Brace expansion (bash manual): one word that becomes several.</summary>
internal sealed partial class ShellReader
{
    private const int BraceWordsMax = 256;
    private const int BracesMax = 8;

    /// <summary>The words that a brace expansion makes of one; the word itself where there is none.</summary>
    private IReadOnlyList<ShellWord> ExpandBraces(ShellWord word)
    {
        if (!word.Has(ShellPieceKind.Brace))
        {
            return [word];
        }

        if (word.Pieces.Count(piece => piece is { Kind: ShellPieceKind.Brace, Text: "{" }) > BracesMax)
        {
            Doubt("its braces make too many words");
            return [word];
        }

        var expanded = new List<ShellWord>();
        Expand([.. word.Pieces], word.IsQuoted, expanded);

        return expanded;
    }

    private void Expand(List<ShellPiece> pieces, bool isQuoted, List<ShellWord> expanded)
    {
        if (expanded.Count >= BraceWordsMax)
        {
            Doubt("its braces make too many words");
            return;
        }

        var (open, commas, close) = FindBraces(pieces);

        if (open < 0)
        {
            expanded.Add(WordBuilder.Join(pieces, isQuoted));
            return;
        }

        var starts = commas.Prepend(open).ToList();

        for (var index = 0; index < starts.Count; index++)
        {
            var end = index + 1 < starts.Count ? starts[index + 1] : close;
            Expand(
                [.. pieces[..open], .. pieces[(starts[index] + 1)..end], .. pieces[(close + 1)..]],
                isQuoted, expanded);
        }
    }

    // The first pair of braces with a comma at its own level; a range is left as a pattern.
    private static (int Open, List<int> Commas, int Close) FindBraces(List<ShellPiece> pieces)
    {
        for (var open = 0; open < pieces.Count; open++)
        {
            if (pieces[open] is not { Kind: ShellPieceKind.Brace, Text: "{" })
            {
                continue;
            }

            var level = 0;
            var commas = new List<int>();

            for (var index = open; index < pieces.Count; index++)
            {
                if (pieces[index].Kind != ShellPieceKind.Brace)
                {
                    continue;
                }

                level += pieces[index].Text == "{" ? 1 : pieces[index].Text == "}" ? -1 : 0;

                if (pieces[index].Text == "," && level == 1)
                {
                    commas.Add(index);
                }

                if (level == 0 && commas.Count > 0)
                {
                    return (open, commas, index);
                }

                if (level == 0)
                {
                    MarkRange(pieces, open, index);
                    break;
                }
            }
        }

        return (-1, [], -1);
    }

    private static void MarkRange(List<ShellPiece> pieces, int open, int close)
    {
        if (close == open + 2 && pieces[open + 1].Text.Contains("..", StringComparison.Ordinal))
        {
            pieces[open + 1] = new ShellPiece(ShellPieceKind.Number, pieces[open + 1].Text);
        }
    }
}

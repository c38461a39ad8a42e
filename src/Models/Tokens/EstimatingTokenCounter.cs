using System.Text;
using Reeve.Kernel.Models;

namespace Reeve.Models.Tokens;

/// <summary>Estimates tokens from the classes of characters, for models whose tokenizer is not to be had.</summary>
/// <remarks>
/// A byte-level tokenizer, or one that falls back to bytes, never makes more tokens than there are UTF-8 bytes. So
/// whatever is not plain words is counted by its bytes: digits, signs, line ends, every letter of another alphabet,
/// and runs that change so often between letters, cases and digits that no word can be in them, as hashes and encoded
/// data do. Only what tokenizers are known to join is counted as joined: a word of the Latin alphabet costs one
/// token for each three letters begun and one more for each two letters that seldom stand together, a space before it
/// none, and further spaces in a row one for each two.
/// </remarks>
public sealed class EstimatingTokenCounter : ITokenCounter
{
    private const int LettersPerToken = 3;
    private const int SpacesPerToken = 2;
    private const int WordLettersMax = 16;
    private const int CapitalsPerToken = 2;

    // A run this short costs what its pieces cost; only from here on its changes say that it is no word.
    private const int EncodedMin = 6;

    /// <summary>For each letter, which letters follow it at least once in 2,500 pairs of letters of English text: bit
    /// zero is <c>a</c>. Counted over licences, manuals and comments.</summary>
    private static ReadOnlySpan<int> CommonPairs =>
    [
        0x13EBD6E, 0x1164B11, 0x01A4D95, 0x0164919, 0x1EFB97F, 0x01E4931, 0x0166991, 0x00A4111, 0x2AEF87F,
        0x0000010, 0x0040110, 0x11CC939, 0x014D113, 0x13CED7D, 0x07EFD7F, 0x11EC919, 0x0100000, 0x13E7D5D,
        0x11CC995, 0x15EC99D, 0x00EB97F, 0x0000111, 0x0026191, 0x0088114, 0x00CC000, 0x0000010,
    ];

    public int Count(string text)
    {
        long tokens = 0;
        var at = 0;

        while (at < text.Length)
        {
            var letter = text[at];

            if (char.IsAsciiLetterOrDigit(letter))
            {
                var run = RunAt(text.AsSpan(at));
                tokens += TokensOfRun(text.AsSpan(at, run));
                at += run;
            }
            else if (letter == ' ')
            {
                var spaces = text.AsSpan(at).IndexOfAnyExcept(' ');
                spaces = spaces < 0 ? text.Length - at : spaces;
                at += spaces;

                // One space goes with the word after it, and with nothing else.
                var joined = at < text.Length && char.IsAsciiLetter(text[at]) ? 1 : 0;
                tokens += (spaces - joined + SpacesPerToken - 1) / SpacesPerToken;
            }
            else if (char.IsAscii(letter))
            {
                tokens++;
                at++;
            }
            else
            {
                // Half a pair counts as the character that stands for what cannot be read.
                Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var read);
                tokens += rune.Utf8SequenceLength;
                at += read;
            }
        }

        return (int)Math.Min(tokens, int.MaxValue);
    }

    private static int RunAt(ReadOnlySpan<char> text)
    {
        var length = 1;

        while (length < text.Length && char.IsAsciiLetterOrDigit(text[length]))
        {
            length++;
        }

        return length;
    }

    /// <summary>The pieces of a run are what its changes of case and its digits leave: <c>getHTTPStatus2</c> has
    /// four.</summary>
    private static long TokensOfRun(ReadOnlySpan<char> run)
    {
        var tokens = 0;
        var pieces = 0;
        var start = 0;

        for (var at = 1; at <= run.Length; at++)
        {
            if (at < run.Length && !IsCut(run, at))
            {
                continue;
            }

            tokens += TokensOfPiece(run[start..at]);
            pieces++;
            start = at;
        }

        return run.Length >= EncodedMin && pieces * LettersPerToken > run.Length ? run.Length : tokens;
    }

    private static bool IsCut(ReadOnlySpan<char> run, int at)
    {
        var (before, here) = (run[at - 1], run[at]);

        if (char.IsAsciiDigit(before) != char.IsAsciiDigit(here))
        {
            return true;
        }

        return char.IsAsciiLetterUpper(here)
            ? char.IsAsciiLetterLower(before)
            : char.IsAsciiLetterUpper(before) && at > 1 && char.IsAsciiLetterUpper(run[at - 2]);
    }

    private static int TokensOfPiece(ReadOnlySpan<char> piece)
    {
        if (char.IsAsciiDigit(piece[0]) || piece.Length > WordLettersMax)
        {
            return piece.Length;
        }

        var rare = RarePairs(piece);

        // More than one such pair, and it is no word.
        if (rare > 1)
        {
            return piece.Length;
        }

        // Capitals throughout are rarer in what tokenizers were made from, and cut finer.
        var perToken = char.IsAsciiLetterUpper(piece[^1]) ? CapitalsPerToken : LettersPerToken;
        return Math.Min(piece.Length, ((piece.Length + perToken - 1) / perToken) + rare);
    }

    /// <summary>Letters that seldom stand together in words are not joined to one token.</summary>
    private static int RarePairs(ReadOnlySpan<char> piece)
    {
        var rare = 0;

        for (var at = 1; at < piece.Length; at++)
        {
            var (left, right) = ((piece[at - 1] | 0x20) - 'a', (piece[at] | 0x20) - 'a');
            rare += (CommonPairs[left] >> right) & 1 ^ 1;
        }

        return rare;
    }
}

using System.Text;
using Reeve.Kernel.Models;

namespace Reeve.Models.Tokens;

/// <summary>Estimates tokens from the classes of characters, for models whose tokenizer is not to be had.</summary>
/// <remarks>
/// Byte-level tokenizers never make more tokens than there are UTF-8 bytes, which bounds the estimate from above.
/// Below that bound a word costs one token for each three letters begun, a digit or sign one, a letter of
/// another alphabet one, an ideograph two, anything else its bytes. Mixed runs of letters and digits, as in hashes
/// and encoded data, cost two tokens for three characters.
/// </remarks>
public sealed class EstimatingTokenCounter : ITokenCounter
{
    private const int LettersPerToken = 3;
    private const int OrdinaryWordMax = 16;

    public int Count(string text)
    {
        var tokens = 0;
        var run = default(Run);

        for (var at = 0; at < text.Length; at++)
        {
            var letter = text[at];

            if (char.IsAsciiLetterOrDigit(letter))
            {
                run = run.With(letter);
                continue;
            }

            tokens += run.Tokens;
            run = default;

            // A single space goes with the word after it.
            if (char.IsAscii(letter))
            {
                tokens += letter == ' ' ? 0 : 1;
                continue;
            }

            // Half a pair counts as the character that stands for what cannot be read.
            Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out var read);
            tokens += CountOther(rune);
            at += read - 1;
        }

        return Math.Min(tokens + run.Tokens, Encoding.UTF8.GetByteCount(text));
    }

    private static int CountOther(Rune rune) => rune.Value switch
    {
        < 0x800 => 1,
        >= 0x3040 and < 0xA000 or >= 0xAC00 and < 0xD7B0 => 2,
        _ => rune.Utf8SequenceLength,
    };

    private readonly record struct Run(int Letters, int Digits, int Changes, bool WasUpper)
    {
        public int Tokens
        {
            get
            {
                var length = Letters + Digits;

                if (length == 0)
                {
                    return 0;
                }

                var isEncoded = (Digits > 0 && Letters > 0) || length > OrdinaryWordMax || Changes > 3;
                return isEncoded
                    ? Math.Min(length, ((length * 2) + 2) / 3)
                    : Digits + ((Letters + LettersPerToken - 1) / LettersPerToken) + Changes;
            }
        }

        public Run With(char character)
        {
            var isUpper = char.IsAsciiLetterUpper(character);
            var isChange = isUpper && Letters > 0 && !WasUpper;

            return char.IsAsciiDigit(character)
                ? this with { Digits = Digits + 1 }
                : new Run(Letters + 1, Digits, Changes + (isChange ? 1 : 0), isUpper);
        }
    }
}

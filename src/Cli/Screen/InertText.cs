using System.Globalization;
using System.Text;

namespace Reeve.Cli.Screen;

/// <summary>Shows what would command a terminal instead of letting it: escapes, controls, bidi and invisible
/// marks.</summary>
/// <remarks>
/// Newline and tab stay. ESC and the other C0 controls (ECMA-48) become their pictures, as ␛; C1 controls, format
/// characters (bidi overrides and isolates of UAX #9, zero-width, tags), separators and halves of surrogate pairs
/// become \u and their number. What comes out has no control or format character but newline and tab.
/// </remarks>
internal static class InertText
{
    // Letters by category, and invisible all the same.
    private static readonly int[] s_invisible = [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0];

    public static string Of(string text)
    {
        var first = FirstToShow(text);

        if (first < 0)
        {
            return text;
        }

        var inert = new StringBuilder(text.Length + 16).Append(text, 0, first);

        foreach (var rune in new Runes(text, first))
        {
            Append(inert, rune);
        }

        return inert.ToString();
    }

    /// <summary>On one line: newlines and tabs are shown too.</summary>
    public static string OneLine(string text, int lengthMax)
    {
        var head = text.Length > lengthMax ? text[..lengthMax] + "…" : text;
        return Of(head).Replace("\n", "↵", StringComparison.Ordinal).Replace("\t", " ", StringComparison.Ordinal);
    }

    private static int FirstToShow(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is (< ' ' and not ('\n' or '\t')) or >= '\u007f')
            {
                return index;
            }
        }

        return -1;
    }

    private static void Append(StringBuilder inert, int code)
    {
        if (code is '\n' or '\t')
        {
            inert.Append((char)code);
        }
        else if (code < 0x20)
        {
            inert.Append((char)(0x2400 + code));
        }
        else if (code == 0x7F)
        {
            inert.Append('␡');
        }
        else if (IsShown(code))
        {
            inert.Append(code > 0xFFFF ? $"\\U{code:x8}" : $"\\u{code:x4}");
        }
        else
        {
            inert.Append(char.ConvertFromUtf32(code));
        }
    }

    private static bool IsShown(int code)
    {
        var isHalf = code is >= 0xD800 and <= 0xDFFF;

        return isHalf || Array.IndexOf(s_invisible, code) >= 0 || CharUnicodeInfo.GetUnicodeCategory(code) is
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;
    }

    /// <summary>Code points; half a pair stands for itself.</summary>
    private readonly ref struct Runes(string text, int start)
    {
        public Enumerator GetEnumerator() => new(text, start);

        public ref struct Enumerator(string text, int next)
        {
            private int _next = next;

            public int Current { get; private set; }

            public bool MoveNext()
            {
                if (_next >= text.Length)
                {
                    return false;
                }

                var isPair = char.IsHighSurrogate(text[_next])
                    && _next + 1 < text.Length && char.IsLowSurrogate(text[_next + 1]);
                Current = isPair ? char.ConvertToUtf32(text[_next], text[_next + 1]) : text[_next];
                _next += isPair ? 2 : 1;
                return true;
            }
        }
    }
}

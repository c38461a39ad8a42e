using System.Text;

namespace Reeve.Doors.Files;

/// <summary>File names as text without loss: bytes that are no UTF-8 become lone low surrogates and back.</summary>
/// <remarks>A Linux name is any bytes but NUL and <c>/</c>; two different names never become the same text.</remarks>
internal static class NameCodec
{
    private const char EscapeFirst = '\uDC80';
    private const char EscapeLast = '\uDCFF';

    private static readonly UTF8Encoding s_strict = new(false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (System.Text.Unicode.Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var count) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[count..];
                continue;
            }

            text.Append((char)(EscapeFirst + bytes[0] - 0x80));
            bytes = bytes[1..];
        }

        return text.ToString();
    }

    /// <summary>The bytes of a name or path, without a terminator; null where the text stands for no bytes.</summary>
    public static byte[]? TryEncode(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return s_strict.GetBytes(text);
        }

        var bytes = new List<byte>(text.Length + 8);
        Span<byte> encoded = stackalloc byte[4];
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] is >= EscapeFirst and <= EscapeLast)
            {
                bytes.Add((byte)(text[index] - EscapeFirst + 0x80));
            }
            else if (Rune.TryGetRuneAt(text, index, out var rune))
            {
                var count = rune.EncodeToUtf8(encoded);
                bytes.AddRange(encoded[..count]);
                index += rune.Utf16SequenceLength - 1;
            }
            else
            {
                return null;
            }
        }

        return [.. bytes];
    }

    /// <summary>The bytes with the terminating zero that the kernel expects.</summary>
    public static byte[] Terminated(string text)
    {
        var bytes = TryEncode(text) ?? throw new ArgumentException("The text stands for no name.", nameof(text));
        Array.Resize(ref bytes, bytes.Length + 1);

        return bytes;
    }
}

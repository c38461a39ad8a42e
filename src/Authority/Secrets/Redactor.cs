using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Reeve.Authority.Secrets;

/// <summary>Replaces secrets by <c>[redacted:KIND]</c> and leaves every other byte as it was.</summary>
/// <remarks>
/// Stands at the sinks, so that no caller can forget it. Values that are known to be secret, as keys from the
/// configuration, are found in whatever shape they have, plain, escaped, URL-encoded or in base64.
/// </remarks>
public sealed class Redactor : IRedactor
{
    public const int KnownSecretsMax = 1_000;

    /// <summary>Shorter values are words that would be cut out of ordinary text.</summary>
    public const int KnownSecretCharsMin = 6;

    private readonly SecretScanner _scanner;
    private readonly ImmutableArray<Secret> _known;

    private Redactor(ImmutableArray<Secret> known)
    {
        _known = known;
        _scanner = known.IsEmpty
            ? SecretScanner.Default
            : new SecretScanner(SecretScanner.KnownRules().Concat(known.SelectMany(RulesOf)));
    }

    /// <summary>Knows the formats, and no particular value.</summary>
    public static Redactor Default { get; } = new([]);

    /// <summary>Also replaces these values.</summary>
    public Redactor With(params IEnumerable<Secret> secrets)
    {
        ImmutableArray<Secret> known =
        [
            .. _known, .. secrets.Where(secret => secret.Reveal().Length >= KnownSecretCharsMin),
        ];
        Problem.ThrowUnless(
            known.Length <= KnownSecretsMax, "secrets.too_many", $"At most {KnownSecretsMax} secrets can be redacted.");

        return new Redactor(known);
    }

    public string Redact(string text)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        var bytes = rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented));
        var found = _scanner.Find(bytes);
        var redacted = found.Count == 0 ? text : Encoding.UTF8.GetString(Replace(bytes, found));
        bytes.Clear();
        ArrayPool<byte>.Shared.Return(rented);

        return redacted;
    }

    public byte[] Redact(ReadOnlySpan<byte> text) => Replace(text, _scanner.Find(text));

    public IReadOnlyList<SecretFinding> Find(ReadOnlySpan<byte> text) => _scanner.Find(text);

    /// <summary>Redacts text that comes in pieces.</summary>
    public RedactingBuffer Stream() => new(_scanner);

    internal static void Write(IBufferWriter<byte> output, string kind)
    {
        output.Write("[redacted:"u8);
        output.Write(Encoding.ASCII.GetBytes(kind));
        output.Write("]"u8);
    }

    private static byte[] Replace(ReadOnlySpan<byte> text, IReadOnlyList<SecretFinding> found)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 64);
        var at = 0;

        foreach (var finding in found)
        {
            output.Write(text[at..finding.Start]);
            Write(output, finding.Kind);
            at = finding.End;
        }

        output.Write(text[at..]);

        return output.WrittenSpan.ToArray();
    }

    private static IEnumerable<SecretRule> RulesOf(Secret secret)
    {
        var value = secret.Reveal();
        var bytes = Encoding.UTF8.GetBytes(value);
        var forms = new HashSet<string>(StringComparer.Ordinal)
        {
            value,
            Uri.EscapeDataString(value),
            System.Text.Json.JsonEncodedText.Encode(value).ToString(),
            value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
            Convert.ToHexStringLower(bytes),
            Convert.ToHexString(bytes),
        };

        foreach (var form in Base64Forms(bytes))
        {
            forms.Add(form);
            forms.Add(form.Replace('+', '-').Replace('/', '_'));
        }

        return forms
            .Where(form => Encoding.UTF8.GetByteCount(form) >= AnchorIndex.AnchorBytesMin)
            .Select(form => new ExactRule("known-secret", form));
    }

    // Inside a longer text the value begins at one of three places of a group; only the groups that are the
    // value's alone are always the same.
    private static IEnumerable<string> Base64Forms(byte[] value)
    {
        for (var before = 0; before < 3; before++)
        {
            byte[] padded = [.. new byte[before], .. value];
            var text = Convert.ToBase64String(padded, 0, padded.Length / 3 * 3);
            var own = text[(before == 0 ? 0 : 4)..];

            if (own.Length >= 8)
            {
                yield return own;
            }
        }

        yield return Convert.ToBase64String(value).TrimEnd('=');
    }
}

using System.Buffers.Text;

namespace Reeve.Authority.Secrets;

/// <summary>Credentials of an HTTP header: <c>Bearer</c> (RFC 6750) and <c>Basic</c> (RFC 7617).</summary>
internal sealed class AuthorizationRule() : SecretRule("bearer ", "basic ", "token ")
{
    private const int ValueBytesMax = 4 * 1024;

    public override bool IgnoresCase => true;

    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        if (!Boundary.IsBefore(text, at))
        {
            return null;
        }

        var start = at + anchorLength;
        var rest = text[start..];
        rest = rest[..Math.Min(rest.Length, ValueBytesMax)];
        var length = rest.IndexOfAnyExcept(Letters.Bearer) is var end and >= 0 ? end : rest.Length;
        var value = rest[..length].TrimEnd((byte)'.');
        var isBasic = (text[at + 1] | 0x20) == 'a';
        var isSecret = isBasic ? IsBasic(value) : Placeholder.LooksSecret(value, isPassword: false);

        return isSecret ? new SecretFinding(start, value.Length, isBasic ? "basic-auth" : "bearer-token") : null;
    }

    private static bool IsBasic(ReadOnlySpan<byte> value)
    {
        if (value.Length is < 8 or > 1_024 || value.Length % 4 != 0)
        {
            return false;
        }

        Span<byte> decoded = stackalloc byte[768];
        var status = Base64.DecodeFromUtf8(value, decoded, out _, out var written);
        var text = decoded[..written];

        return status == System.Buffers.OperationStatus.Done
            && text.IndexOf((byte)':') > 0
            && text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
    }
}

namespace Reeve.Authority.Secrets;

/// <summary>A private key between its PEM lines (RFC 7468), also where line ends are escaped.</summary>
internal sealed class PrivateKeyRule() : SecretRule("-----BEGIN ")
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var label = text[(at + anchorLength)..];
        label = label[..Math.Min(label.Length, 64)];

        var end = label.IndexOf("-----"u8);

        if (end < 0 || label[..end].IndexOf("PRIVATE KEY"u8) < 0)
        {
            return null;
        }

        // Only to the next beginning: otherwise many beginnings without an end would cost the square of the text.
        var from = at + anchorLength + end + 5;
        var body = text[from..Math.Min(text.Length, at + ReachMax - 128)];
        var next = body.IndexOf("-----"u8);
        var isEnd = next >= 0 && body[(next + 5)..].StartsWith("END "u8);

        if (!isEnd)
        {
            // A key that was cut off is a key.
            var rest = body[..(next < 0 ? body.Length : next)];
            var length = rest.IndexOfAnyExcept(Letters.KeyBody) is var stop and >= 0 ? stop : rest.Length;

            return new SecretFinding(at, from - at + length, "private-key");
        }

        var tail = body[(next + 9)..];
        tail = tail[..Math.Min(tail.Length, 64)];
        var close = tail.IndexOf("-----"u8);

        return new SecretFinding(at, from - at + next + 9 + (close < 0 ? 0 : close + 5), "private-key");
    }
}

/// <summary>A JSON Web Token in compact form (RFC 7519): three parts, the first a JSON object.</summary>
internal sealed class WebTokenRule() : SecretRule("eyJ")
{
    private const int PartBytesMax = 4 * 1024;

    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        if (!Boundary.IsBefore(text, at))
        {
            return null;
        }

        var end = at;

        for (var part = 0; part < 3; part++)
        {
            var rest = text[end..];
            rest = rest[..Math.Min(rest.Length, PartBytesMax)];
            var length = rest.IndexOfAnyExcept(Letters.Base64Url) is var stop and >= 0 ? stop : rest.Length;
            var isLast = part == 2;

            if (length < 8 || (!isLast && (length == rest.Length || rest[length] != '.')))
            {
                return null;
            }

            end += isLast ? length : length + 1;
        }

        return new SecretFinding(at, end - at, "jwt");
    }
}

/// <summary>A password inside an address (RFC 3986, user information): <c>scheme://user:password@host</c>.</summary>
internal sealed class AddressPasswordRule() : SecretRule("://")
{
    private const int UserInfoBytesMax = 512;

    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var rest = text[(at + anchorLength)..];
        rest = rest[..Math.Min(rest.Length, UserInfoBytesMax)];
        var end = rest.IndexOfAny(Letters.AddressEnds) is var stop and >= 0 ? stop : rest.Length;
        var sign = rest[..end].LastIndexOf((byte)'@');

        if (sign <= 0 || sign + 1 >= rest.Length || at == 0 || !Boundary.IsAlphanumeric(text[at - 1]))
        {
            return null;
        }

        var colon = rest[..sign].IndexOf((byte)':');
        var start = at + anchorLength;

        if (colon < 0)
        {
            // A token alone before the host, as in a Sentry DSN or a clone address.
            var isToken = sign >= 20 && rest[..sign].IndexOfAnyExcept(Letters.Base64Url) < 0
                && Entropy.BitsPerLetter(rest[..sign]) > 3;
            return isToken ? new SecretFinding(start, sign, "url-credential") : null;
        }

        var password = rest[(colon + 1)..sign];

        return Placeholder.IsPassword(password)
            ? new SecretFinding(start + colon + 1, password.Length, "url-password")
            : null;
    }
}

/// <summary>A Telegram bot token: digits before <c>:AA</c>, 33 letters after.</summary>
internal sealed class TelegramRule() : SecretRule(":AA")
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var before = text[Math.Max(0, at - 11)..at];
        var digits = before.Length - 1 - before.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
        var rest = text[(at + 1)..];
        rest = rest[..Math.Min(rest.Length, 36)];
        var length = rest.IndexOfAnyExcept(Letters.Base64Url) is var end and >= 0 ? end : rest.Length;

        return digits is >= 8 and <= 10 && length == 35
            ? new SecretFinding(at - digits, digits + 1 + length, "telegram-token")
            : null;
    }
}

/// <summary>An Azure client secret: three letters, a digit, <c>Q~</c> and 31 to 34 letters.</summary>
internal sealed class AzureClientSecretRule()
    : SecretRule("0Q~", "1Q~", "2Q~", "3Q~", "4Q~", "5Q~", "6Q~", "7Q~", "8Q~", "9Q~")
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var rest = text[(at + anchorLength)..];
        rest = rest[..Math.Min(rest.Length, 35)];
        var length = 0;

        while (length < rest.Length
            && (Boundary.IsAlphanumeric(rest[length]) || "_.~-"u8.Contains(rest[length])))
        {
            length++;
        }

        var isSecret = at >= 3 && length is >= 31 and <= 34 && Entropy.HasVariety(rest[..length]);

        return isSecret ? new SecretFinding(at - 3, 6 + length, "azure-client-secret") : null;
    }
}

/// <summary>A Mailchimp key: 32 hexadecimal digits, <c>-us</c> and a number.</summary>
internal sealed class MailchimpRule() : SecretRule("-us")
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var isKey = at >= 32
            && at + 3 < text.Length
            && char.IsAsciiDigit((char)text[at + 3])
            && text[(at - 32)..at].IndexOfAnyExcept(Letters.Hex) < 0
            && Boundary.IsBefore(text, at - 32);
        var digits = isKey && at + 4 < text.Length && char.IsAsciiDigit((char)text[at + 4]) ? 2 : 1;

        return isKey ? new SecretFinding(at - 32, 35 + digits, "mailchimp-key") : null;
    }
}

/// <summary>A Twilio API key: <c>SK</c> and 32 hexadecimal digits.</summary>
internal sealed class TwilioRule()
    : SecretRule([.. "0123456789abcdef".Select(digit => "SK" + digit)])
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var rest = text[(at + 2)..];
        rest = rest[..Math.Min(rest.Length, 33)];
        var length = rest.IndexOfAnyExcept(Letters.Hex) is var end and >= 0 ? end : rest.Length;

        return length == 32 && Boundary.IsBefore(text, at) && Entropy.HasVariety(rest[..32])
            ? new SecretFinding(at, 34, "twilio-key")
            : null;
    }
}

/// <summary>A Discord or Microsoft Teams webhook: the address itself is the secret.</summary>
internal sealed class WebhookRule() : SecretRule("/api/webhooks/", "webhook.office.com/")
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        var rest = text[(at + anchorLength)..];
        rest = rest[..Math.Min(rest.Length, 400)];
        var length = 0;

        while (length < rest.Length
            && (Boundary.IsAlphanumeric(rest[length]) || "_-/@"u8.Contains(rest[length])))
        {
            length++;
        }

        return length >= 60 ? new SecretFinding(at + anchorLength, length, "webhook") : null;
    }
}

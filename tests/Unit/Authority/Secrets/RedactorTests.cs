using System.Buffers;
using System.Text;
using System.Text.Json;
using Reeve.Authority.Secrets;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Secrets;

public sealed class RedactorTests
{
    public static TheoryData<string, string> Shapes =>
        [.. Samples.Shapes.Select(sample => (sample.Kind, sample.Shape))];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Replaces_the_secret_and_nothing_else(string kind, string shape)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var secret = Samples.Draw(shape, seed);

            foreach (var (before, after) in new[]
            {
                ("", ""), ("a ", " b"), ("x=\"", "\"\n"), ("{\"a\":\"", "\"}"), ("line\\n", "\\nnext"),
                ("q=1%20", "%20"),
                ("[", "]"), ("see ", ", or"), ("<a>", "</a>"),
            })
            {
                Assert.Equal(
                    $"{before}[redacted:{kind}]{after}", Redactor.Default.Redact(before + secret + after));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sees_through_base64_escapes_and_joined_quotes(string kind, string shape)
    {
        var secret = Samples.Draw(shape, seed: 7);
        var half = secret.Length / 2;
        var escaped = string.Concat(
            secret.Select((letter, index) => index % 2 == 0 ? $"\\u{(int)letter:x4}" : $"{letter}"));
        var percent = string.Concat(
            secret.Select((letter, index) => index % 3 == 0 ? $"%{(int)letter:X2}" : $"{letter}"));

        foreach (var hidden in new[]
        {
            Convert.ToBase64String(Encoding.UTF8.GetBytes("config: " + secret + "\n")),
            Convert.ToBase64String(Encoding.UTF8.GetBytes("{\"v\":\"" + secret + "\"}")),
            escaped,
            percent,
            JsonSerializer.Serialize(JsonSerializer.Serialize(secret)),
            $"\"{secret[..half]}\" + \"{secret[half..]}\"",
            $"'{secret[..half]}' +\n    '{secret[half..]}'",
            $"(\"{secret[..half]}\"\n \"{secret[half..]}\")",
            $"\"{secret[..half]}\\\n{secret[half..]}\"",
        })
        {
            var redacted = Redactor.Default.Redact($"a {hidden} b");

            Assert.Contains($"[redacted:{kind}]", redacted, StringComparison.Ordinal);
            Assert.DoesNotContain(secret[^8..], redacted, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("postgres://app:s3cretPw@db:5432/x", "postgres://app:[redacted:url-password]@db:5432/x")]
    [InlineData("redis://:p4ss-w0rd@cache", "redis://:[redacted:url-password]@cache")]
    [InlineData("mongodb+srv://u:p%40ss1@h/db", "mongodb+srv://u:[redacted:url-password]@h/db")]
    [InlineData("password=hunter2!", "password=[redacted:password]")]
    [InlineData("DB_PASSWORD: 'Tr0ub4dor'", "DB_PASSWORD: '[redacted:password]'")]
    [InlineData("{\"api_key\": \"9f8a7b6c5d4e3f2a1b0c\"}", "{\"api_key\": \"[redacted:secret-value]\"}")]
    [InlineData("{\\\"password\\\":\\\"abc123xyz\\\"}", "{\\\"password\\\":\\\"[redacted:password]\\\"}")]
    [InlineData("Authorization: Bearer a1B2c3D4e5F6g7H8i9", "Authorization: Bearer [redacted:bearer-token]")]
    [InlineData("authorization: basic dXNlcjpwYXNzdzByZA==", "authorization: basic [redacted:basic-auth]")]
    [InlineData(
        "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzKEYab12",
        "aws_secret_access_key = [redacted:secret-value]")]
    [InlineData(
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEabc\nxyz\n-----END RSA PRIVATE KEY-----\nrest",
        "[redacted:private-key]\nrest")]
    [InlineData(
        "\"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\"", "\"[redacted:private-key]\\n\"")]
    public void Knows_where_secrets_are_assigned(string text, string expected) =>
        Assert.Equal(expected, Redactor.Default.Redact(text));

    [Theory]
    [InlineData("id: 123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("commit 9fceb02d0ae598e95dc970b74767f19372d61af8")]
    [InlineData(
        "\"integrity\": \"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/"
        + "SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==\"")]
    [InlineData(
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ"
        + "AAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")]
    [InlineData("password: string")]
    [InlineData("password=${DB_PASSWORD}")]
    [InlineData("token = process.env.GITHUB_TOKEN")]
    [InlineData("api_key=YOUR_API_KEY_HERE_123")]
    [InlineData("max_tokens: 4096, token_count=12345678901234567")]
    [InlineData("const secretName = 'prod/db/credentials1'")]
    [InlineData("public_key_token=b77a5c561934e089")]
    [InlineData("ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("https://user@example.com/path:80@x")]
    [InlineData("https://example.com/a?b=c@d")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----")]
    [InlineData("the basic idea, bearer of bad news, token of love")]
    [InlineData("sk-learn task-management-of-something-very-long-indeed")]
    [InlineData("private_key_path=/etc/ssl/private/key1.pem")]
    public void Leaves_alone_what_is_no_secret(string text) => Assert.Equal(text, Redactor.Default.Redact(text));

    [Fact]
    public void Finds_known_values_in_every_form()
    {
        const string value = "correct horse \"battery\" /staple+";
        var redactor = Redactor.Default.With(new Secret("key", value), new Secret("short", "abc"));
        var forms = new[]
        {
            value, Uri.EscapeDataString(value), JsonSerializer.Serialize(value).Trim('"'),
            Convert.ToBase64String(Encoding.UTF8.GetBytes(value)), Convert.ToHexString(Encoding.UTF8.GetBytes(value)),
        };

        Assert.All(forms, form => Assert.Contains(
            "[redacted:known-secret]", redactor.Redact($"x {form} y"), StringComparison.Ordinal));

        for (var before = 0; before < 6; before++)
        {
            var inside = Convert.ToBase64String(Encoding.UTF8.GetBytes(new string('é', before) + value + "tail"));
            Assert.Contains("[redacted:known-secret]", redactor.Redact(inside), StringComparison.Ordinal);
        }

        Assert.Equal("abc", redactor.Redact("abc"));
    }

    [Fact]
    public void Gives_the_same_text_wherever_a_stream_is_cut()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var text = Encoding.UTF8.GetBytes(Document(new Random(seed), lines: 4_000));
            var whole = Redactor.Default.Redact(text);
            var output = new ArrayBufferWriter<byte>();
            var stream = Redactor.Default.Stream();
            var random = new Random(seed);

            for (var at = 0; at < text.Length;)
            {
                var count = Math.Min(text.Length - at, random.Next(1, seed % 2 == 0 ? 50_000 : 200));
                stream.Push(text.AsSpan(at, count), output);
                at += count;
            }

            stream.Flush(output);

            Assert.Equal(Encoding.UTF8.GetString(whole), Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    [Fact]
    public void Finds_what_a_search_without_index_finds()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var text = Encoding.UTF8.GetBytes(Document(new Random(seed), lines: 30));
            var fast = new List<SecretFinding>();
            SecretScanner.Default.FindDirect(text, fast);

            Assert.Equal(SecretFindings.InOrder(Slowly(text)), SecretFindings.InOrder(fast));
        }
    }

    [Fact]
    public void A_secret_says_nothing_of_itself()
    {
        var secret = new Secret("key", "value");

        Assert.Equal("[secret]", $"{secret}");
        Assert.DoesNotContain("value", JsonSerializer.Serialize(secret), StringComparison.Ordinal);
        Assert.Equal("value", secret.Reveal());
    }

    [Fact]
    public void Knows_at_least_forty_formats() =>
        Assert.InRange(Samples.Shapes.Select(sample => sample.Kind).Distinct(StringComparer.Ordinal).Count(), 40,
            1_000);

    internal static string Document(Random random, int lines)
    {
        var text = new StringBuilder();

        for (var line = 0; line < lines; line++)
        {
            var secret = Samples.Draw(Samples.Shapes[random.Next(Samples.Shapes.Length)].Shape, random.Next());
            text.Append(random.Next(8) switch
            {
                0 => $"2026-01-01 INFO token={secret} done\n",
                1 => $"{{\"key\":\"{secret}\",\"n\":{random.Next()}}}\n",
                2 => secret[..random.Next(secret.Length)] + "\n",
                3 => Convert.ToBase64String(Encoding.UTF8.GetBytes("a: " + secret)) + "\n",
                4 => $"x = \"{secret[..4]}\" +\n \"{secret[4..]}\"\n",
                5 => new string(random.GetItems<char>("abcABC019_-.:/=+\"'\\%n \n", random.Next(200))),
                6 => $"postgres://u:{secret}@host/db password: {secret}\n",
                _ => "an ordinary line of a log, which holds nothing at all\n",
            });
        }

        return text.ToString();
    }

    private static List<SecretFinding> Slowly(byte[] text)
    {
        var found = new List<SecretFinding>();

        for (var at = 0; at < text.Length; at++)
        {
            foreach (var rule in SecretScanner.Default.Rules)
            {
                foreach (var anchor in rule.Anchors)
                {
                    var there = Encoding.Latin1.GetString(text, at, Math.Min(anchor.Length, text.Length - at));
                    var comparison = rule.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

                    if (there.Equals(anchor, comparison) && rule.Match(text, at, anchor.Length) is { } finding)
                    {
                        found.Add(finding);
                    }
                }
            }
        }

        return found;
    }
}

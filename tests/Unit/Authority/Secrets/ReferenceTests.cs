using System.Buffers;
using System.Globalization;
using System.Text;
using Reeve.Authority.Secrets;
using Reeve.Tests.Unit.Authority.Secrets.Plain;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Secrets;

/// <summary>The vectorised search finds what the plain one finds, wherever it stands.</summary>
public sealed class ReferenceTests
{
    // More than one block and all places in it.
    private const int Alignments = 70;

    public static TheoryData<string, string> Shapes =>
        [.. Samples.Shapes.Select(sample => (sample.Kind, sample.Shape))];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Finds_a_secret_at_every_place_of_a_block(string kind, string shape)
    {
        var secret = Samples.Draw(shape, seed: 3);

        for (var before = 0; before < Alignments; before++)
        {
            var text = Encoding.UTF8.GetBytes(new string(' ', before) + secret + new string(' ', before % 5));

            var found = Assert.Single(Redactor.Default.Find(text));

            Assert.Equal(new SecretFinding(before, secret.Length, kind), found);
        }
    }

    [Fact]
    public void Finds_every_kind_of_the_table_and_every_other_anchor_at_every_place_of_a_block()
    {
        const string value = "=\"aB3$xY9!kL0pQ7rT5vaB3xY9kL0p\"";
        string[] planted =
        [
            .. TableTokens(), .. SecretScanner.Default.Rules.Where(rule => rule is not TokenRule)
                .SelectMany(rule => rule.Anchors)
                .SelectMany(anchor => new[] { anchor + value, anchor.ToUpperInvariant() + value }),
        ];

        foreach (var text in planted)
        {
            var expected = PlainScanner.Find(Encoding.UTF8.GetBytes($"\n{text}"));

            for (var before = 1; before < Alignments; before++)
            {
                var found = Redactor.Default.Find(Encoding.UTF8.GetBytes(new string('\n', before) + text));

                Assert.Equal(
                    expected, found.Select(finding => finding with { Start = finding.Start - before + 1 }));
            }
        }
    }

    [Fact]
    public void Knows_every_kind_of_the_table()
    {
        Assert.All(TableTokens(), token => Assert.NotEmpty(Redactor.Default.Find(Encoding.UTF8.GetBytes(token))));
        Assert.InRange(TableTokens().Count(), 150, 1_000);
    }

    [Fact]
    public void Finds_the_same_in_documents_full_of_secrets()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var text = Encoding.UTF8.GetBytes(RedactorTests.Document(new Random(seed), lines: 20));
            AssertSame(text.AsSpan(seed % 67));
        }
    }

    [Fact]
    public void Finds_the_same_in_pieces_of_secrets_and_signs()
    {
        string[] signs =
        [
            "\\", "\\n", "\\u0041", "\\x41", "%41", "%", "\"", "'", "\"\n", "' .", "\" +", "+", "\" + \"", "'\n  '",
            "\\\n  ", "QUtJQQ", "aGVsbG8gd29ybGQgaGVsbG8", "/", "=", ":", ".", " ", "\n", "\r\n", "é", "\0", "password",
            "Token ", "://u:pa55w0rd@h", "\u001f", "\"&\"", "\\\\\"",
        ];

        for (var seed = 0; seed < 1_000; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder();

            for (var piece = random.Next(1, 30); piece > 0; piece--)
            {
                var secret = Samples.Draw(Samples.Shapes[random.Next(Samples.Shapes.Length)].Shape, random.Next());
                var sign = signs[random.Next(signs.Length)];
                text.Append(random.Next(3) == 0 ? secret[random.Next(secret.Length / 2)..] : sign);
            }

            AssertSame(Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    [Fact]
    public void Finds_the_same_in_a_stream_that_is_cut_inside_of_secrets()
    {
        var samples = Samples.Shapes.Select(sample => Samples.Draw(sample.Shape, seed: 5)).ToArray();

        for (var shift = 0; shift < 64; shift++)
        {
            // Each one lies across the border between what is given out at a full buffer and what is held back.
            var before = RedactingBuffer.WindowBytes + SecretRule.ReachMax - 20 - shift;
            var text = Encoding.UTF8.GetBytes(
                new string('\n', before) + string.Join(' ', samples) + new string('\n', 300_000));
            var output = new ArrayBufferWriter<byte>();
            var stream = Redactor.Default.Stream();
            stream.Push(text.AsSpan(0, before + 10), output);
            stream.Push(text.AsSpan(before + 10), output);
            stream.Flush(output);

            Assert.Equal(
                Encoding.UTF8.GetString(Redactor.Default.Redact(text)), Encoding.UTF8.GetString(output.WrittenSpan));
        }
    }

    // One of the least length for each beginning of each row.
    private static IEnumerable<string> TableTokens()
    {
        var random = new Random(11);
        var rows = TokenTable.Text
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        foreach (var row in rows)
        {
            var letters = row[2] switch
            {
                "hex" => "0123456789abcdef",
                "upper" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
                _ => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            };
            var length = int.Parse(row[3], CultureInfo.InvariantCulture);

            foreach (var beginning in row[1].Split(','))
            {
                yield return beginning + new string(random.GetItems<char>(letters, length));
            }
        }
    }

    private static void AssertSame(ReadOnlySpan<byte> text)
    {
        var expected = PlainScanner.Find(text);
        var actual = Redactor.Default.Find(text);

        Assert.True(expected.SequenceEqual(actual), $"Not the same in {Encoding.UTF8.GetString(text)}");
    }
}

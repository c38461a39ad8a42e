using System.Text;
using Reeve.Cli.Interactive.Keys;
using Xunit;

namespace Reeve.Tests.Unit.Cli.Interactive;

public sealed class KeyDecoderTests
{
    [Theory]
    [InlineData("a日\u0301", KeyKind.Text)]
    [InlineData("\r", KeyKind.Enter)]
    [InlineData("\u001b\r", KeyKind.NewLine)]
    [InlineData("\u001b[A", KeyKind.Up)]
    [InlineData("\u001bOD", KeyKind.Left)]
    [InlineData("\u001b[1;5C", KeyKind.WordRight)]
    [InlineData("\u001bb", KeyKind.WordLeft)]
    [InlineData("\u001b[H", KeyKind.Home)]
    [InlineData("\u001b[4~", KeyKind.End)]
    [InlineData("\u001b[3~", KeyKind.Delete)]
    [InlineData("\u007f", KeyKind.Backspace)]
    [InlineData("\u0003", KeyKind.Control)]
    [InlineData("\u001b[200~a\r\n\u0003\u001b[201~", KeyKind.Paste)]
    public void A_key_is_one_key_wherever_its_bytes_are_cut(string keys, object kind)
    {
        var bytes = Encoding.UTF8.GetBytes(keys);

        for (var cut = 0; cut < bytes.Length; cut++)
        {
            var decoder = new KeyDecoder();
            List<Key> decoded = [.. decoder.Push(bytes.AsSpan(0, cut)), .. decoder.Push(bytes.AsSpan(cut))];

            Assert.All(decoded, key => Assert.Equal(kind, key.Kind));
            Assert.Equal(kind is KeyKind.Text ? keys : "", kind is KeyKind.Text
                ? string.Concat(decoded.Select(key => key.Text)) : "");
            Assert.True(decoded.Count == 1 || kind is KeyKind.Text);
            Assert.False(decoder.IsWaiting);
        }
    }

    [Fact]
    public void An_escape_that_nothing_follows_is_the_key()
    {
        var decoder = new KeyDecoder();

        Assert.Empty(decoder.Push([0x1B]));
        Assert.True(decoder.IsWaiting);
        Assert.Equal([new Key(KeyKind.Escape)], decoder.Flush());
        Assert.Empty(decoder.Flush());
    }

    [Fact]
    public void A_paste_and_a_sequence_are_bounded()
    {
        var decoder = new KeyDecoder();
        decoder.Push("\u001b[200~"u8);
        decoder.Push(Enumerable.Repeat((byte)'x', KeyDecoder.PasteBytesMax + 1).ToArray());

        Assert.Equal(KeyDecoder.PasteBytesMax, Assert.Single(decoder.Push("\u001b[201~"u8)).Text.Length);

        byte[] endless = [0x1B, (byte)'[', .. Enumerable.Repeat((byte)'1', KeyDecoder.SequenceBytesMax + 1)];
        Assert.Equal(KeyKind.Unknown, decoder.Push(endless)[0].Kind);
    }
}

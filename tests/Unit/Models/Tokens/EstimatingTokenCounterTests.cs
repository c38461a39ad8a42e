using System.Text;
using Reeve.Models.Tokens;
using Xunit;

namespace Reeve.Tests.Unit.Models.Tokens;

public sealed class EstimatingTokenCounterTests
{
    // Words that tokenizers are known to keep whole or cut once; the estimate may be above, never much below.
    [Theory]
    [InlineData("", 0)]
    [InlineData("The quick brown fox jumps over the lazy dog.", 10)]
    [InlineData("public static void Main(string[] args) { return; }", 11)]
    [InlineData("2026-01-31T23:59:59Z", 12)]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e", 20)]
    [InlineData("日本語のテキスト", 8)]
    [InlineData("Привет, мир", 5)]
    [InlineData("😀😀", 4)]
    [InlineData("\n\n\n\t\t{}[]();", 6)]
    public void The_estimate_is_above_the_truth_and_below_the_bytes(string text, int atLeast)
    {
        var count = new EstimatingTokenCounter().Count(text);

        Assert.InRange(count, atLeast, Encoding.UTF8.GetByteCount(text));
    }

    [Fact]
    public void More_text_is_never_fewer_tokens()
    {
        var counter = new EstimatingTokenCounter();
        var text = "Words, wordsAndCamel 0x1f — 日本 \n\n  end";

        Assert.All(
            Enumerable.Range(1, text.Length),
            length => Assert.True(counter.Count(text[..(length - 1)]) <= counter.Count(text[..length]) + 3));
    }
}

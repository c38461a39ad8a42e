using System.Text;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Processes;

public sealed class CapturedOutputTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("abcd", "abcd", "")]
    [InlineData("abcdef", "abcd", "ef")]
    [InlineData("abcdefg", "abcd", "efg")]
    [InlineData("abcdefgh", "abcd", "fgh")]
    public void Keeps_head_and_tail_however_it_arrives(string text, string head, string tail)
    {
        for (var size = 1; size <= 9; size++)
        {
            var output = new CapturedOutput(headBytes: 4, tailBytes: 3);

            foreach (var chunk in Encoding.ASCII.GetBytes(text).Chunk(size))
            {
                output.Add(chunk);
            }

            var kept = output.ToText();
            Assert.Equal((head, tail, text.Length), (Text(kept.Head), Text(kept.Tail), (int)kept.BytesTotal));
            Assert.Equal(text.Length > 7, kept.IsTruncated);
        }
    }

    [Fact]
    public void Holds_no_more_than_its_two_sizes()
    {
        var output = new CapturedOutput(headBytes: 10, tailBytes: 10);

        for (var turn = 0; turn < 1_000; turn++)
        {
            output.Add(new byte[100_000]);
        }

        var kept = output.ToText();
        Assert.Equal((10, 10, 100_000_000L), (kept.Head.Length, kept.Tail.Length, kept.BytesTotal));
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.ASCII.GetString(bytes.Span);
}

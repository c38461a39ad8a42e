using System.Text;
using Reeve.Models.Streams;
using Xunit;

namespace Reeve.Tests.Unit.Models.Streams;

public sealed class SseParserTests
{
    [Theory]
    [InlineData("data: a\n\n", "message:a")]
    [InlineData("data:a\r\n\r\ndata:b\r\rdata:c\n\n", "message:a;message:b;message:c")]
    [InlineData("data: a\ndata:  b\n\n", "message:a\n b")]
    [InlineData("data\n\n", "message:")]
    [InlineData("data\ndata\n\n", "message:\n")]
    [InlineData(": comment\nevent: x\ndata: a\n\ndata: b\n\n", "x:a;message:b")]
    [InlineData("event: x\n\n", "")]
    [InlineData("data: never closed\n", "")]
    [InlineData("\uFEFFdata: a\n\n\uFEFFdata: b\n\n", "message:a")]
    [InlineData("Data: a\nunknown: b\nretry: 3\n\n", "")]
    [InlineData("data: é—😀\u0000\n\n", "message:é—😀\u0000")]
    public void A_stream_means_the_same_wherever_it_is_cut(string stream, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(stream);

        for (var step = 1; step <= bytes.Length; step++)
        {
            var events = new List<string>();
            var parser = new SseParser(one => events.Add($"{one.Name}:{Encoding.UTF8.GetString(one.Data.Span)}"));

            foreach (var chunk in bytes.Chunk(step))
            {
                parser.Feed(chunk);
            }

            Assert.Equal(expected, string.Join(';', events));
        }
    }

    [Fact]
    public void The_last_event_id_stays_and_takes_no_nul()
    {
        var ids = new List<string>();
        var parser = new SseParser(one => ids.Add(one.LastEventId));

        parser.Feed("id: 1\ndata\n\ndata\n\nid: 2\0\ndata\n\nid\ndata\n\n"u8);

        Assert.Equal(["1", "1", "1", ""], ids);
    }

    [Fact]
    public void An_event_one_byte_too_large_is_refused()
    {
        var parser = new SseParser(_ => { });
        parser.Feed(new byte[SseParser.EventBytesMax]);

        Assert.Throws<InvalidDataException>(() => parser.Feed([1]));
    }
}

using System.Text;
using Reeve.Doors.Files;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Files;

public sealed class NameCodecTests
{
    [Fact]
    public void Every_name_of_bytes_comes_back()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var name = new byte[random.Next(1, 12)];
            random.NextBytes(name);

            Assert.Equal(name, NameCodec.TryEncode(NameCodec.Decode(name)));
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("grüße")]
    [InlineData("😀")]
    public void A_name_of_text_is_that_text(string name) =>
        Assert.Equal(name, NameCodec.Decode(Encoding.UTF8.GetBytes(name)));

    [Fact]
    public void Half_a_character_stands_for_no_name() => Assert.Null(NameCodec.TryEncode("a\ud800"));
}

using System.Globalization;
using Reeve.Cli.Screen;
using Xunit;

namespace Reeve.Tests.Unit.Cli.Screen;

public sealed class InertTextTests
{
    [Theory]
    [InlineData("plain text\n\twith äöü and 漢字", "plain text\n\twith äöü and 漢字")]
    [InlineData("\u001b]0;title\u0007", "␛]0;title␇")]
    [InlineData("\u001b]52;c;aGk=\u001b\\", "␛]52;c;aGk=␛\\")]
    [InlineData("a\rb", "a␍b")]
    [InlineData("\u009b2J", "\\u009b2J")]
    [InlineData("\u202egnp.exe", "\\u202egnp.exe")]
    [InlineData("a\u200bb\ufeff", "a\\u200bb\\ufeff")]
    [InlineData("\u2028", "\\u2028")]
    [InlineData("\U000e0041", "\\U000e0041")]
    [InlineData("\u007f", "␡")]
    public void Shows_what_would_command_a_terminal(string text, string shown) =>
        Assert.Equal(shown, InertText.Of(text));

    [Fact]
    public void Shows_half_a_surrogate_pair_by_its_number() =>
        Assert.Equal("x\\ud83d", InertText.Of("x" + (char)0xD83D));

    [Fact]
    public void Says_one_line_on_one_line() => Assert.Equal("a↵b c…", InertText.OneLine("a\nb\tcdef", 5));

    [Fact]
    public void No_text_at_all_leaves_a_control_or_format_character()
    {
        var random = new Random(20);

        for (var round = 0; round < 5_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, 40).Select(_ => (char)random.Next(0, 0x10000))]);

            Assert.DoesNotContain(
                InertText.Of(text).EnumerateRunes(),
                rune => rune.Value is not ('\n' or '\t') && CharUnicodeInfo.GetUnicodeCategory(rune.Value)
                    is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate);
        }
    }
}

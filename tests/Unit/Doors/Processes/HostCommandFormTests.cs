using Reeve.Authority;
using Reeve.Doors.Processes.HostBridge;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Processes;

public sealed class HostCommandFormTests
{
    private const string Program = "/usr/bin/wc ";

    [Fact]
    public void A_form_of_the_longest_length_is_read_and_a_longer_one_refused()
    {
        var longest = Program + new string('a', HostCommandForm.FormCharsMax - Program.Length);

        Assert.Equal(longest["/usr/bin/".Length..], HostCommandForm.Parse(longest).Shown);
        AssertRefused(longest + "a");
    }

    [Fact]
    public void A_form_of_the_most_words_is_read_and_one_of_more_refused()
    {
        var most = Program + string.Join(' ', Enumerable.Repeat("a", HostCommandForm.ArgumentsMax - 1));

        Assert.Equal("wc", HostCommandForm.Parse(most).Program);
        AssertRefused(most + " a");
    }

    [Fact]
    public void The_most_arguments_fit_and_one_more_does_not()
    {
        var form = HostCommandForm.Parse(Program + "{path}*");

        Assert.True(form.Fits([.. Enumerable.Repeat("a", HostCommandForm.ArgumentsMax)]));
        Assert.False(form.Fits([.. Enumerable.Repeat("a", HostCommandForm.ArgumentsMax + 1)]));
    }

    [Theory]
    [InlineData("{name}")]
    [InlineData("{path}")]
    [InlineData("{text}")]
    [InlineData("{path}*")]
    public void An_operand_of_the_longest_length_fits_and_a_longer_one_does_not(string operand)
    {
        var form = HostCommandForm.Parse(Program + operand);

        Assert.True(form.Fits([new string('a', HostCommandForm.OperandCharsMax)]));
        Assert.False(form.Fits([new string('a', HostCommandForm.OperandCharsMax + 1)]));
    }

    private static void AssertRefused(string form) => Assert.Equal(
        "host.form_invalid", Assert.Throws<ProblemException>(() => HostCommandForm.Parse(form)).Problem.Code);
}

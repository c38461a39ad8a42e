using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.People;
using Xunit;

namespace Reeve.Tests.Unit.Tools.People;

public sealed class AskUserToolTests
{
    [Theory]
    [InlineData(AskUserTool.QuestionCharsMax, 0, 0)]
    [InlineData(1, AskUserTool.OptionsMax, AskUserTool.OptionCharsMax)]
    public async Task A_question_within_its_bounds_is_answered(int questionChars, int options, int optionChars)
    {
        var output = await new AskUserTool().InvokeAsync(
            Arguments(questionChars, options, optionChars), new ToolContext(new Person()));

        Assert.Equal("The person answered: blue\n", output.Text);
        Assert.Equal(MemoryFiles.Label, output.Label);
    }

    [Theory]
    [InlineData(AskUserTool.QuestionCharsMax + 1, 0, 0, AskUserTool.QuestionCharsMax)]
    [InlineData(1, AskUserTool.OptionsMax + 1, 1, AskUserTool.OptionsMax)]
    [InlineData(1, 1, AskUserTool.OptionCharsMax + 1, AskUserTool.OptionCharsMax)]
    public async Task A_question_past_one_of_them_is_refused_and_told_the_bound(
        int questionChars, int options, int optionChars, int bound)
    {
        var problem = await new AskUserTool().RefusedAsync(
            Arguments(questionChars, options, optionChars), new ToolContext(new Person()));

        Assert.Equal("argument.invalid", problem.Code);
        Assert.Contains($" {bound} ", problem.Message, StringComparison.Ordinal);
    }

    private static object Arguments(int questionChars, int options, int optionChars) => new
    {
        question = new string('q', questionChars),
        options = Enumerable.Repeat(new string('o', optionChars), options),
    };

    private sealed class Person : IPersonAnswer
    {
        public Task<Labeled<string>> ReadAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new Labeled<string>("blue", MemoryFiles.Label));
    }
}

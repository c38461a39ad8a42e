using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Host;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Host;

public sealed class HostCommandToolTests
{
    private readonly Machine _machine = new();

    [Fact]
    public async Task The_most_words_there_may_be_reach_the_machine_one_by_one()
    {
        await new HostCommandTool().InvokeAsync(Words(HostCommandTool.ArgumentsMax), new ToolContext(_machine));

        Assert.Equal(HostCommandTool.ArgumentsMax, Assert.Single(_machine.Ran).Count);
    }

    [Fact]
    public async Task One_word_more_is_refused_and_nothing_runs()
    {
        var words = Words(HostCommandTool.ArgumentsMax + 1);

        var problem = await new HostCommandTool().RefusedAsync(words, new ToolContext(_machine));

        Assert.Equal("argument.invalid", problem.Code);
        Assert.Contains($"{HostCommandTool.ArgumentsMax}", problem.Message, StringComparison.Ordinal);
        Assert.Empty(_machine.Ran);
    }

    [Fact]
    public async Task A_line_that_a_person_could_not_read_is_refused_and_nothing_runs()
    {
        var arguments = new { program = "deploy", words = new[] { new string('a', HostCommandTool.LineCharsMax) } };

        var problem = await new HostCommandTool().RefusedAsync(arguments, new ToolContext(_machine));

        Assert.Equal("argument.invalid", problem.Code);
        Assert.Empty(_machine.Ran);
    }

    private static object Words(int count) => new { program = "deploy", words = Enumerable.Repeat("a", count) };

    private sealed class Machine : IHostCommands
    {
        public List<IReadOnlyList<string>> Ran { get; } = [];

        public Task<Labeled<CommandResult>> RunAsync(
            string program, IReadOnlyList<string> arguments, Action<OutputChunk>? onOutput,
            CancellationToken cancellationToken)
        {
            Ran.Add(arguments);

            return Task.FromResult(new Labeled<CommandResult>(ScriptedPrograms.Ended(0), ScriptedPrograms.Label));
        }
    }
}

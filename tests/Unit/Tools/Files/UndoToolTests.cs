using Reeve.Authority.Mandates;
using Reeve.Kernel.Tools;
using Reeve.Tests.Unit.Fakes;
using Reeve.Tools.Files;
using Xunit;

namespace Reeve.Tests.Unit.Tools.Files;

public sealed class UndoToolTests
{
    private readonly Undone _undone = new();

    [Theory]
    [InlineData(1)]
    [InlineData(UndoTool.ChangesMax)]
    public async Task Takes_back_as_many_changes_as_it_was_told(int count)
    {
        var output = await new UndoTool().InvokeAsync(new { count }, new ToolContext(_undone, new MemoryFiles()));

        Assert.Equal([count], _undone.Counts);
        Assert.True(output.ChangedView);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(UndoTool.ChangesMax + 1)]
    public async Task Takes_back_nothing_where_the_number_is_out_of_bounds(int count)
    {
        var problem = await new UndoTool().RefusedAsync(new { count }, new ToolContext(_undone, new MemoryFiles()));

        Assert.Equal("argument.invalid", problem.Code);
        Assert.Empty(_undone.Counts);
    }

    private sealed class Undone : IUndo
    {
        public List<int> Counts { get; } = [];

        public Task UndoAsync(int changes, CancellationToken cancellationToken)
        {
            Counts.Add(changes);

            return Task.CompletedTask;
        }
    }
}

using Reeve.Kernel.Tools;
using Reeve.Tools;
using Xunit;

namespace Reeve.Tests.Unit.Kernel.Tools;

public sealed class ToolCatalogTests
{
    [Fact]
    public void Finds_a_tool_by_its_exact_name_only()
    {
        var catalog = new ToolCatalog(BuiltInTools.All);

        Assert.True(catalog.TryFind("read", out var tool));
        Assert.Equal("read", tool.Spec.Name);
        Assert.False(catalog.TryFind("Read", out _));
        Assert.False(catalog.TryFind("unknown", out _));
    }

    [Fact]
    public void Gives_the_same_descriptions_in_the_same_order()
    {
        var forward = new ToolCatalog(BuiltInTools.All);
        var backward = new ToolCatalog(BuiltInTools.All.Reverse());

        Assert.Equal(
            forward.Descriptions.Select(tool => tool.Name), backward.Descriptions.Select(tool => tool.Name));
        Assert.Same(forward.Descriptions[0], forward.Descriptions[0]);
    }

    [Fact]
    public void Refuses_two_tools_of_one_name() =>
        Assert.Throws<ArgumentException>(() => new ToolCatalog(new FinishTool(), new FinishTool()));
}

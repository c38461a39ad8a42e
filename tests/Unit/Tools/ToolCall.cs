using System.Text.Json;
using Reeve.Authority;
using Reeve.Kernel.Tools;
using Xunit;

namespace Reeve.Tests.Unit.Tools;

/// <summary>How the tests of this folder call a tool: with JSON, as a model does.</summary>
internal static class ToolCall
{
    public static Task<ToolOutput> InvokeAsync(this ITool tool, object arguments, ToolContext context) =>
        tool.InvokeAsync(
            arguments is string text ? JsonElement.Parse(text) : JsonSerializer.SerializeToElement(arguments),
            context,
            TestContext.Current.CancellationToken);

    public static async Task<Problem> RefusedAsync(this ITool tool, object arguments, ToolContext context)
    {
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => tool.InvokeAsync(arguments, context));

        return refusal.Problem;
    }
}

using System.Text.Json;

namespace Reeve.Kernel.Tools;

/// <summary>A tool of class <see cref="EffectClass.Queryable"/>: the other side knows whether a call
/// happened.</summary>
public interface IQueryableTool : ITool
{
    /// <summary>What the call said, when it happened; null when it certainly did not.</summary>
    Task<ToolOutput?> FindOutcomeAsync(
        JsonElement arguments, ToolContext context, CancellationToken cancellationToken);
}

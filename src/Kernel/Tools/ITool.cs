using System.Text.Json;
using Reeve.Authority.Policy;

namespace Reeve.Kernel.Tools;

/// <summary>Something a model may ask for. It has no authority but the grants in its context.</summary>
public interface ITool
{
    ToolSpec Spec { get; }

    JsonElement ArgumentsSchema { get; }

    /// <summary>What the call would touch, for the gate; throws argument.invalid for what it cannot parse.</summary>
    /// <remarks>Rules attach to effects and not to the names of arguments.</remarks>
    IReadOnlyList<Effect> EffectsOf(JsonElement arguments);

    Task<ToolOutput> InvokeAsync(
        JsonElement arguments, ToolContext context, CancellationToken cancellationToken);
}

using System.Text.Json;
using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tests.Scenarios.Permissions;

/// <summary>A tool whose every call would reach a host, and which does nothing.</summary>
internal sealed class LeavingTool : ITool
{
    public ToolSpec Spec { get; } = new("leave", "Reaches a host.", EffectClass.Once, []);

    public JsonElement ArgumentsSchema { get; } =
        JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement.Clone();

    public IReadOnlyList<Effect> EffectsOf(JsonElement arguments) =>
        [new Effect(EffectKind.Connect, "example.org:443")];

    public Task<ToolOutput> InvokeAsync(
        JsonElement arguments, ToolContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new ToolOutput("Reached.", Label.BuiltIn));
}

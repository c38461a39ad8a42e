using System.Text.Json;
using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tests.Shared;

/// <summary>A tool without arguments whose one act a test brings.</summary>
public sealed class TestTool(
    string name, EffectClass effectClass, Label label, Func<ToolContext, CancellationToken, Task<string>> act) : ITool
{
    private static readonly JsonElement s_schema = Parse("""{"type":"object","properties":{}}""");

    public ToolSpec Spec { get; } = new(name, "Does what the test says.", effectClass, []);

    public JsonElement ArgumentsSchema => s_schema;

    public IReadOnlyList<Effect> EffectsOf(JsonElement arguments) => [new Effect(EffectKind.None, "")];

    public async Task<ToolOutput> InvokeAsync(
        JsonElement arguments, ToolContext context, CancellationToken cancellationToken) =>
        new(await act(context, cancellationToken), label);

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}

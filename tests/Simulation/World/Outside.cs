using System.Collections.Concurrent;
using System.Text.Json;
using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tests.Simulation.World;

/// <summary>The world outside of every process: it counts what really happened to it, and forgets nothing.</summary>
public sealed class Outside
{
    private readonly ConcurrentDictionary<string, int> _hits = new();
    private readonly ConcurrentDictionary<string, bool> _keys = new();

    public int TimesOf(string id) => _hits.GetValueOrDefault(id);

    public IReadOnlyDictionary<string, int> All => _hits;

    public IReadOnlyList<ITool> Tools =>
    [
        new OutsideTool(this, "send", EffectClass.Once, EffectKind.None),
        new OutsideTool(this, "pay", EffectClass.Idempotent, EffectKind.None),
        new OrderTool(this),
        new OutsideTool(this, "post", EffectClass.Once, EffectKind.Delegate),
        new OutsideTool(this, "look", EffectClass.Pure, EffectKind.None),
    ];

    public string Summary => string.Join(
        ' ', _hits.OrderBy(hit => hit.Key, StringComparer.Ordinal).Select(hit => $"{hit.Key}={hit.Value}"));

    private void Hit(string id) => _hits.AddOrUpdate(id, 1, (_, count) => count + 1);

    private bool HitOnce(string key, string id)
    {
        var isNew = _keys.TryAdd(key, true);

        if (isNew)
        {
            Hit(id);
        }

        return isNew;
    }

    /// <summary>A tool whose effect is one hit with the name it was given.</summary>
    private class OutsideTool(Outside outside, string name, EffectClass effectClass, EffectKind kind) : ITool
    {
        private static readonly JsonElement s_schema = JsonDocument.Parse(
            """{"type":"object","properties":{"id":{"type":"string"}},"required":["id"]}""").RootElement;

        public ToolSpec Spec { get; } = new(name, "Acts on the world outside.", effectClass, []);

        public JsonElement ArgumentsSchema => s_schema;

        public IReadOnlyList<Effect> EffectsOf(JsonElement arguments) => [new Effect(kind, "")];

        public async Task<ToolOutput> InvokeAsync(
            JsonElement arguments, ToolContext context, CancellationToken cancellationToken)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            var id = arguments.GetProperty("id").GetString()!;

            switch (effectClass)
            {
                case EffectClass.Once:
                    outside.Hit(id);
                    break;
                case EffectClass.Idempotent or EffectClass.Queryable:
                    outside.HitOnce(context.CallKey, id);
                    break;
            }

            await Task.Yield();
            return new ToolOutput($"{name} {id}: done", Label.Of([new SourceId($"outside-{id}")], null));
        }
    }

    private sealed class OrderTool(Outside outside)
        : OutsideTool(outside, "order", EffectClass.Queryable, EffectKind.None), IQueryableTool
    {
        private readonly Outside _outside = outside;

        public Task<ToolOutput?> FindOutcomeAsync(
            JsonElement arguments, ToolContext context, CancellationToken cancellationToken) =>
            Task.FromResult(_outside._keys.ContainsKey(context.CallKey)
                ? new ToolOutput($"order {arguments.GetProperty("id").GetString()}: done") : null);
    }
}

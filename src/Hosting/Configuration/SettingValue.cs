using System.Collections.Immutable;
using Reeve.Kernel.Hooks;

namespace Reeve.Hosting.Configuration;

/// <summary>A value that was checked against its key, and where it came from.</summary>
/// <param name="Name">The key as it was set, with the operator's names in it.</param>
/// <param name="Origin">As <c>default</c>, <c>user file, line 3</c>, <c>environment REEVE_MODEL</c> or <c>flag
/// --model</c>.</param>
internal sealed record SettingValue(
    SettingKey Key, string Name, string Text, ImmutableArray<string> Items, ImmutableArray<PriceSetting> Prices,
    string Origin)
{
    public IReadOnlyList<HookTerm> Hooks { get; init; } = [];

    public long Integer => long.Parse(Text);
}

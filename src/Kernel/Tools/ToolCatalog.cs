using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Reeve.Kernel.Models;

namespace Reeve.Kernel.Tools;

/// <summary>The tools of a run, by name. Fixed when it is made: nothing joins a run later.</summary>
/// <remarks>
/// Descriptions are made once and stand in the order of names, so that the same instances in the same order reach
/// the model with each request.
/// </remarks>
public sealed class ToolCatalog
{
    public const int ToolsMax = 512;

    private readonly Dictionary<string, ITool> _byName = new(StringComparer.Ordinal);
    private volatile Counted? _counted;

    public ToolCatalog(params IEnumerable<ITool> tools)
    {
        foreach (var tool in tools)
        {
            // Two tools of one name are a mistake of whoever composed the run, and not a refusal.
            if (!_byName.TryAdd(tool.Spec.Name, tool) || _byName.Count > ToolsMax)
            {
                throw new ArgumentException(
                    $"'{tool.Spec.Name}' is registered twice, or there are more than {ToolsMax} tools.",
                    nameof(tools));
            }
        }

        Tools = [.. _byName.Values.OrderBy(tool => tool.Spec.Name, StringComparer.Ordinal)];
        Descriptions =
        [
            .. Tools.Select(tool =>
                new ToolDescription(tool.Spec.Name, tool.Spec.Summary, tool.ArgumentsSchema)),
        ];
    }

    public ImmutableArray<ITool> Tools { get; }

    public ImmutableArray<ToolDescription> Descriptions { get; }

    /// <summary>Tokens of all descriptions. They are the same for each run, and so are counted once.</summary>
    public int TokensBy(ITokenCounter counter)
    {
        var known = _counted;

        if (known is null || known.Counter != counter)
        {
            var tokens = Descriptions.Sum(tool =>
                counter.Count(tool.Name + tool.Summary + tool.ArgumentsSchema.GetRawText()));
            _counted = known = new Counted(counter, tokens);
        }

        return known.Tokens;
    }

    public bool TryFind(string name, [NotNullWhen(true)] out ITool? tool) => _byName.TryGetValue(name, out tool);

    private sealed record Counted(ITokenCounter Counter, int Tokens);
}

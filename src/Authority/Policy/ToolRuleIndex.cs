namespace Reeve.Authority.Policy;

/// <summary>Finds the rules about a tool by its name; names ending in <c>*</c> are prefixes.</summary>
internal sealed class ToolRuleIndex
{
    private readonly Dictionary<string, Verdict> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Start, Verdict Verdict)> _starts = [];

    public void Add(string name, Verdict verdict)
    {
        if (name.EndsWith('*'))
        {
            _starts.Add((name.TrimEnd('*'), verdict));
            return;
        }

        _exact[name] = CompiledRule.Stricter(_exact.GetValueOrDefault(name), verdict)!;
    }

    public Verdict? Find(string tool)
    {
        var found = _exact.GetValueOrDefault(tool);

        foreach (var (start, verdict) in _starts)
        {
            if (tool.StartsWith(start, StringComparison.Ordinal))
            {
                found = CompiledRule.Stricter(found, verdict);
            }
        }

        return found;
    }
}

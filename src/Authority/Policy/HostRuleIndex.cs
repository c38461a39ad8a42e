namespace Reeve.Authority.Policy;

/// <summary>Finds the rules about a host by its name and the domains above it.</summary>
internal sealed class HostRuleIndex
{
    private readonly Dictionary<string, Verdict> _exact = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Verdict> _below = new(StringComparer.OrdinalIgnoreCase);
    private Verdict? _any;

    public void Add(string domain, Verdict verdict)
    {
        if (domain.Length == 0)
        {
            _any = CompiledRule.Stricter(_any, verdict);
            return;
        }

        var isBelow = domain.StartsWith("*.", StringComparison.Ordinal);
        var index = isBelow ? _below : _exact;
        var name = isBelow ? domain[2..] : domain;
        index[name] = CompiledRule.Stricter(index.GetValueOrDefault(name), verdict)!;
    }

    public Verdict? Find(ReadOnlySpan<char> target)
    {
        var host = WithoutPort(target).TrimEnd('.');
        var found = _any;

        if (_exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var exact))
        {
            found = CompiledRule.Stricter(found, exact);
        }

        for (var dot = host.IndexOf('.'); dot >= 0; dot = host.IndexOf('.'))
        {
            host = host[(dot + 1)..];

            if (_below.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(host, out var below))
            {
                found = CompiledRule.Stricter(found, below);
            }
        }

        return found;
    }

    internal static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> target)
    {
        if (target.StartsWith("[") && target.IndexOf(']') is var close and > 0)
        {
            return target[1..close];
        }

        var colon = target.LastIndexOf(':');

        return colon > 0 && target.IndexOf(':') == colon ? target[..colon] : target;
    }
}

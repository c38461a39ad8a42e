namespace Reeve.Authority.Policy;

/// <summary>What a line itself gives its variables: every value any of its parts may have set.</summary>
/// <remarks>Order and conditions are not followed, so a variable has all its values at once.</remarks>
internal sealed class ShellVariables
{
    public const int ValuesMax = 64;

    private readonly Dictionary<string, List<ShellWord>> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _unknown = new(StringComparer.Ordinal);
    private readonly HashSet<string> _computed = new(StringComparer.Ordinal);

    public void Set(string name, ShellWord value)
    {
        if (!_values.TryGetValue(name, out var values))
        {
            _values[name] = values = [];
        }

        values.Add(value);

        if (values.Count > ValuesMax)
        {
            _unknown.Add(name);
        }
    }

    /// <summary>It is set to what a command reads or prints.</summary>
    public void SetUnknown(string name) => _unknown.Add(name);

    /// <summary>Its value is taken for an expression, in which the shell would also carry out
    /// substitutions.</summary>
    public void Compute(string name) => _computed.Add(name);

    public bool IsSet(string name) => _values.ContainsKey(name) || _unknown.Contains(name);

    /// <summary>Every value it can have; nothing where that is not known.</summary>
    public IReadOnlyList<ShellWord> ValuesOf(string name) =>
        _unknown.Contains(name) ? [] : _values.GetValueOrDefault(name) ?? [];

    /// <summary>The first variable that is computed with although it may hold more than a number.</summary>
    public string? FirstNotNumber()
    {
        foreach (var name in _computed)
        {
            var values = ValuesOf(name);

            if (values.Count == 0 || !values.All(IsNumber))
            {
                return name;
            }
        }

        return null;
    }

    public static bool IsNumber(ShellWord word) => word.IsLiteral
        ? word.Text.Length > 0 && word.Text.AsSpan().TrimStart("+-").IndexOfAnyExceptInRange('0', '9') < 0
        : !word.Pieces.IsDefaultOrEmpty && word.Pieces.All(piece => piece.Kind == ShellPieceKind.Number
            || (piece.Kind == ShellPieceKind.Text && piece.Text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0));
}

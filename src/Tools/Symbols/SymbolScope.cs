namespace Reeve.Tools.Symbols;

/// <summary>What the scanner is inside of.</summary>
/// <param name="Name">Empty for a block without one.</param>
/// <param name="Kind">As that of a <see cref="Symbol"/>, or a block.</param>
/// <param name="Brackets">Open brackets around it; in Python the indentation of its head.</param>
internal sealed record SymbolScope(string Name, string Kind, int Brackets)
{
    public bool IsCode => Kind is "block" or "function" or "method" or "constructor" or "property" or "variable";
}

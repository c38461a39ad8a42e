namespace Reeve.Tools.Symbols;

/// <summary>Finds what a file declares and where it uses a name, with the container of each.</summary>
/// <remarks>
/// Containers are followed by braces, in Python by indentation. What looks like a declaration is one: a scanner that
/// needs no build is right about almost every line and never about all.
/// </remarks>
internal abstract class SymbolScanner
{
    private const int DepthMax = 100;

    private readonly List<Symbol> _symbols = [];

    protected SymbolScanner(string text, SourceLanguage language)
    {
        Language = language;
        Tokens = new SourceTokens(text, language);
    }

    protected SourceLanguage Language { get; }

    protected SourceTokens Tokens { get; }

    protected Stack<SymbolScope> Scopes { get; } = new();

    /// <summary>The token that is looked at; who takes several moves it on.</summary>
    protected int At { get; set; }

    protected int Brackets { get; set; }

    /// <summary>What was declared and has not been entered yet.</summary>
    protected SymbolScope? Pending { get; set; }

    /// <summary>The namespace that the rest of the file is in.</summary>
    protected string FileContainer { get; set; } = "";

    /// <summary>All that the file declares, in its order.</summary>
    public static List<Symbol> Declarations(string text, SourceLanguage language) =>
        Of(text, language).Scan(sought: null);

    /// <summary>Where the file names <paramref name="sought"/>, declarations with their kind.</summary>
    public static List<Symbol> Uses(string text, SourceLanguage language, string sought) =>
        Of(text, language).Scan(sought);

    /// <summary>Looks at the token at <see cref="At"/>.</summary>
    protected abstract void Look();

    protected void Declare(SourceToken name, string kind, string? container = null, bool opens = true)
    {
        var inside = string.Join('.', new[] { Container(), container ?? "" }.Where(part => part.Length > 0));
        _symbols.Add(new Symbol(name.Text, kind, name.Line, inside));
        Pending = opens ? new SymbolScope(
            container is null ? name.Text : $"{container}.{name.Text}", kind, 0) : Pending;
    }

    private static SymbolScanner Of(string text, SourceLanguage language) =>
        language == SourceLanguage.Python ? new PythonSymbols(text) : new BraceSymbols(text, language);

    private List<Symbol> Scan(string? sought)
    {
        for (At = 0; At < Tokens.Count; At++)
        {
            var count = _symbols.Count;
            var token = Tokens[At];

            Look();

            // The declaration of this very token was added now or by the look before.
            if (token.Text == sought && !_symbols.Skip(Math.Max(0, count - 1))
                .Any(symbol => symbol.Name == sought && symbol.Line == token.Line))
            {
                _symbols.Add(new Symbol(sought, "reference", token.Line, Container()));
            }
        }

        return sought is null ? _symbols : [.. _symbols.Where(symbol => symbol.Name == sought)];
    }

    // Deeper than this nobody has written it.
    private string Container() => Scopes.Count > DepthMax ? "…" : string.Join(
        '.', Scopes.Reverse().Select(scope => scope.Name).Prepend(FileContainer).Where(name => name.Length > 0));
}

namespace Reeve.Tools.Symbols;

/// <summary>Scans Python, whose containers are indentation.</summary>
internal sealed class PythonSymbols(string text) : SymbolScanner(text, SourceLanguage.Python)
{
    protected override void Look()
    {
        var token = Tokens[At];
        var opened = token.Text is "(" or "[" or "{" ? 1 : token.Text is ")" or "]" or "}" ? -1 : 0;
        Brackets = Math.Max(0, Brackets + opened);

        if (token.IsFirst && Brackets == 0)
        {
            while (Scopes.TryPeek(out var scope) && scope.Brackets >= token.Indent)
            {
                Scopes.Pop();
            }
        }

        var isStart = token.IsFirst || Tokens[At - 1] is { Text: "async", IsFirst: true };

        if (isStart && SourceLanguages.Declares(Language, token.Text) is { } kind && Tokens[At + 1].IsWord)
        {
            var indent = token.IsFirst ? token.Indent : Tokens[At - 1].Indent;
            var isMethod = kind == "function" && Scopes.TryPeek(out var around) && around.Kind == "class";
            var name = Tokens[++At];
            Declare(name, isMethod ? "method" : kind);
            Scopes.Push(new SymbolScope(name.Text, kind, indent));
        }
        else if (token is { IsFirst: true, IsWord: true } && Brackets == 0 && Tokens[At + 1].Is('=')
            && !Tokens[At + 2].Is('=') && (Scopes.Count == 0 || Scopes.Peek().Kind == "class"))
        {
            Declare(token, Scopes.Count == 0 ? "variable" : "field");
        }
    }
}

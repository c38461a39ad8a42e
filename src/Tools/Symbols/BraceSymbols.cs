namespace Reeve.Tools.Symbols;

/// <summary>Scans languages whose containers are braces.</summary>
internal sealed class BraceSymbols(string text, SourceLanguage language) : SymbolScanner(text, language)
{
    private bool _hasAssigned;
    private string? _group;

    protected override void Look()
    {
        var token = Tokens[At];

        switch (token.Text)
        {
            case "{":
                Scopes.Push((Pending ?? new SymbolScope("", "block", 0)) with { Brackets = Brackets });
                (Pending, Brackets, _hasAssigned) = (null, 0, false);
                break;
            case "}":
                Brackets = Scopes.TryPop(out var closed) ? closed.Brackets : 0;
                _hasAssigned = closed is { Kind: "property" } && Tokens[At + 1].Is('=');
                break;
            case "(" or "[":
                Brackets++;
                break;
            case ")" or "]":
                Brackets = Math.Max(0, Brackets - 1);
                _group = Brackets == 0 ? null : _group;
                break;
            case ";" when Brackets == 0:
                (Pending, _hasAssigned) = (null, false);
                break;
            case "=" when Brackets == 0:
                _hasAssigned = true;
                break;
            default:
                LookAtWord(token);
                break;
        }
    }

    private void LookAtWord(SourceToken token)
    {
        // These end statements with lines.
        _hasAssigned = _hasAssigned
            && !(token.IsFirst && Language is (SourceLanguage.Go or SourceLanguage.JavaScript));

        if (_group is not null && Brackets == 1 && token is { IsFirst: true, IsWord: true })
        {
            Declare(token, _group, opens: _group == "type");
        }
        else if (token.Text == "#define" && Tokens[At + 1].IsWord)
        {
            Declare(Tokens[++At], "macro", opens: false);
        }
        else if (token.IsWord && Brackets == 0 && !Tokens[At - 1].Is('.'))
        {
            if (SourceLanguages.Declares(Language, token.Text) is not { } kind || !LookAtDeclaring(kind))
            {
                LookAtMember(token);
            }
        }
    }

    private bool LookAtDeclaring(string kind)
    {
        var before = Tokens[At - 1];
        var next = At + 1;

        // "where T : class", "a as const", "enum class X", "record struct X", "function* x", "macro_rules! x".
        if ((before.Is(':') && Language == SourceLanguage.CSharp) || before.Is(','))
        {
            return false;
        }

        while (Tokens[next].Text is "*" or "!" or "mut"
            || (Tokens[next].Text is "class" or "struct" && Tokens[next + 1].IsWord))
        {
            next++;
        }

        switch (Language, kind)
        {
            case (SourceLanguage.Go, _) when kind != "function" && Tokens[next].Is('('):
                _group = kind;
                return true;
            case (SourceLanguage.Go, "function") when Tokens[next].Is('('):
                return DeclareGoMethod(next);
            case (SourceLanguage.Rust, "impl"):
                return EnterImpl(next);
            case (SourceLanguage.CSharp, "namespace"):
                return EnterNamespace(next);
            default:
                break;
        }

        if (!Tokens[next].IsWord || SourceLanguages.IsNoName(Tokens[next].Text) || !Tokens.IsDeclaration(kind, next))
        {
            return false;
        }

        var isLocal = kind is "variable" or "constant" && Scopes.TryPeek(out var scope) && scope.IsCode;
        var isFunction = kind == "variable" && Tokens.IsFunctionValue(next);
        At = next;

        if (!isLocal || isFunction)
        {
            var isMethod = kind == "function" && Scopes.TryPeek(out var around) && around.Kind is "impl" or "trait";
            Declare(
                Tokens[next], isFunction ? "function" : isMethod ? "method" : kind,
                opens: kind is not ("variable" or "constant") || isFunction);
        }

        _hasAssigned = _hasAssigned || kind is "variable" or "constant";

        return true;
    }

    private bool DeclareGoMethod(int open)
    {
        var close = Tokens.Closing(open);
        var receiver = Enumerable.Range(open + 1, Math.Max(0, close - open - 1)).Select(index => Tokens[index])
            .TakeWhile(token => !token.Is('[')).LastOrDefault(token => token.IsWord).Text;

        if (close < 0 || !Tokens[close + 1].IsWord)
        {
            return false;
        }

        Declare(Tokens[close + 1], "method", receiver);
        At = close + 1;

        return true;
    }

    // "impl<T> Trait for Type<T> {": the type names the container.
    private bool EnterImpl(int from)
    {
        var (depth, name, isOver) = (0, "", false);

        for (var at = from; at < Tokens.Count && !Tokens[at].Is('{') && !Tokens[at].Is(';'); at++)
        {
            depth += Tokens[at].Is('<') ? 1 : Tokens[at].Is('>') && !Tokens[at - 1].Is('-') ? -1 : 0;
            isOver |= Tokens[at].Text == "where";
            name = depth == 0 && !isOver && Tokens[at].IsWord ? Tokens[at].Text == "for" ? "" : Tokens[at].Text : name;
        }

        Pending = new SymbolScope(name, "impl", 0);

        return true;
    }

    private bool EnterNamespace(int from)
    {
        var end = from;

        while (Tokens[end].IsWord || Tokens[end].Is('.'))
        {
            end++;
        }

        var name = string.Concat(Enumerable.Range(from, end - from).Select(index => Tokens[index].Text));
        Declare(Tokens[from] with { Text = name }, "namespace");
        FileContainer = Tokens[end].Is(';') ? name : FileContainer;
        At = Math.Max(At, end - 1);

        return true;
    }

    private void LookAtMember(SourceToken token)
    {
        var kind = Scopes.TryPeek(out var scope) ? scope.Kind : "file";
        var isType = kind is "class" or "struct" or "interface" or "record" or "enum" or "union";

        if (_hasAssigned || SourceLanguages.IsNoName(token.Text) || scope is { IsCode: true })
        {
            return;
        }

        var before = Tokens[At - 1];
        var next = Tokens[At + 1];

        if (kind == "enum" && (before.Is('{') || before.Is(',') || before.Is(']'))
            && (next.Is(',') || next.Is('=') || next.Is('}') || next.Is('(') || next.Is(';')))
        {
            Declare(token, "enum_member", opens: false);
        }
        else if (Tokens.SignatureEnd(At) is { } end)
        {
            LookAtMethod(token, before, end, isType, scope?.Name ?? "");
        }
        else if (isType && Language is SourceLanguage.CSharp or SourceLanguage.Java && IsTypeEnd(before)
            && SourceLanguages.Declares(Language, before.Text) is null)
        {
            var isProperty = next.Is('{') || (next.Is('=') && Tokens[At + 2].Is('>'));

            if (isProperty || next.Is('=') || next.Is(';') || next.Is(','))
            {
                Declare(token, isProperty ? "property" : "field", opens: isProperty);
            }
        }
    }

    private void LookAtMethod(SourceToken token, SourceToken before, int end, bool isType, string container)
    {
        var after = Tokens[end + 1];
        var isConstructor = isType && token.Text == container;
        var hasBody = after.Is('{') || (after.Is('=') && Tokens[end + 2].Is('>') && Language == SourceLanguage.CSharp)
            || after.Text is "where" or "throws" or "const" or "noexcept" or "override" or "final"
            || (after.Is(':') && Language != SourceLanguage.Java)
            || (after.Is('-') && Tokens[end + 2].Is('>'));
        var isAbstract = isType && (after.Is(';') || after.Is('='));
        var isStart = before.Is('{') || before.Is('}') || before.Is(';') || before.Is('*') || before.Text.Length == 0
            || before.Text is "async" or "static" or "get" or "set" or "public" or "private" or "protected";
        var fits = Language switch
        {
            SourceLanguage.JavaScript => isType && (isStart || before.IsWord || token.IsFirst),
            SourceLanguage.CSharp or SourceLanguage.Java => isType && (isConstructor || IsTypeEnd(before)),
            SourceLanguage.C => IsTypeEnd(before) || before.Is(':') || before.Is('~') || isConstructor,
            _ => false,
        };

        if (fits && (hasBody || isAbstract) && !(before.Is('@') || before.Is('#')))
        {
            var isScoped = before.Is(':') && Tokens[At - 2].Is(':') && Tokens[At - 3].IsWord;
            var kind = isConstructor ? "constructor" : isType || isScoped ? "method" : "function";
            Declare(token, kind, isScoped ? Tokens[At - 3].Text : null);
        }
    }

    // A name that a type or a modifier stands before.
    private static bool IsTypeEnd(SourceToken token) => token.IsWord
        ? !SourceLanguages.IsNoName(token.Text)
        : token.Is('>') || token.Is(']') || token.Is('?') || token.Is('*') || token.Is('&') || token.Is(')');
}

namespace Reeve.Tools.Symbols;

/// <summary>Finds what a file declares and where it uses a name, with the container of each.</summary>
/// <remarks>
/// Containers are followed by braces, in Python by indentation. What looks like a declaration is one: a scanner that
/// needs no build is right about almost every line and never about all.
/// </remarks>
internal sealed class SymbolScanner
{
    private const int DepthMax = 100;

    private readonly SourceLanguage _language;
    private readonly List<SourceToken> _tokens;
    private readonly List<Symbol> _symbols = [];
    private readonly Stack<Scope> _scopes = new();
    private Scope? _pending;
    private int _brackets;
    private bool _hasAssigned;
    private string? _group;
    private string _fileContainer = "";
    private int _at;

    private SymbolScanner(string text, SourceLanguage language)
    {
        _language = language;
        _tokens = new SourceLexer(text, language).Read();
    }

    /// <summary>All that the file declares, in its order.</summary>
    public static List<Symbol> Declarations(string text, SourceLanguage language) =>
        new SymbolScanner(text, language).Scan(sought: null);

    /// <summary>Where the file names <paramref name="sought"/>, declarations with their kind.</summary>
    public static List<Symbol> Uses(string text, SourceLanguage language, string sought) =>
        new SymbolScanner(text, language).Scan(sought);

    private List<Symbol> Scan(string? sought)
    {
        for (_at = 0; _at < _tokens.Count; _at++)
        {
            var count = _symbols.Count;
            var place = _at;

            if (_language == SourceLanguage.Python)
            {
                LookInPython();
            }
            else
            {
                Look();
            }

            if (sought is not null && _tokens[place].Text == sought && !_symbols.Skip(Math.Max(0, count - 1)).Any(symbol =>
                symbol.Name == sought && symbol.Line == _tokens[place].Line))
            {
                _symbols.Add(new Symbol(sought, "reference", _tokens[place].Line, Container()));
            }
        }

        return sought is null ? _symbols : [.. _symbols.Where(symbol => symbol.Name == sought)];
    }

    private SourceToken Token(int index) =>
        index >= 0 && index < _tokens.Count ? _tokens[index] : new SourceToken("", 0, -1);

    // Deeper than this nobody has written it.
    private string Container() => _scopes.Count > DepthMax ? "…" : string.Join(
        '.', _scopes.Reverse().Select(scope => scope.Name).Prepend(_fileContainer).Where(name => name.Length > 0));

    private void Declare(SourceToken name, string kind, string? container = null, bool opens = true)
    {
        var inside = string.Join('.', new[] { Container(), container ?? "" }.Where(part => part.Length > 0));
        _symbols.Add(new Symbol(name.Text, kind, name.Line, inside));
        _pending = opens ? new Scope(
            container is null ? name.Text : $"{container}.{name.Text}", kind, 0) : _pending;
    }

    private void Look()
    {
        var token = _tokens[_at];

        switch (token.Text)
        {
            case "{":
                _scopes.Push((_pending ?? new Scope("", "block", 0)) with { Brackets = _brackets });
                (_pending, _brackets, _hasAssigned) = (null, 0, false);
                break;
            case "}":
                _brackets = _scopes.TryPop(out var closed) ? closed.Brackets : 0;
                _hasAssigned = closed is { Kind: "property" } && Token(_at + 1).Is('=');
                break;
            case "(" or "[":
                _brackets++;
                break;
            case ")" or "]":
                _brackets = Math.Max(0, _brackets - 1);
                _group = _brackets == 0 ? null : _group;
                break;
            case ";" when _brackets == 0:
                (_pending, _hasAssigned) = (null, false);
                break;
            case "=" when _brackets == 0:
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
            && !(token.IsFirst && _language is (SourceLanguage.Go or SourceLanguage.JavaScript));

        if (_group is not null && _brackets == 1 && token is { IsFirst: true, IsWord: true })
        {
            Declare(token, _group, opens: _group == "type");
        }
        else if (token.Text == "#define" && Token(_at + 1).IsWord)
        {
            Declare(_tokens[++_at], "macro", opens: false);
        }
        else if (token.IsWord && _brackets == 0 && !Token(_at - 1).Is('.'))
        {
            if (SourceLanguages.Declares(_language, token.Text) is not { } kind || !LookAtDeclaring(kind))
            {
                LookAtMember(token);
            }
        }
    }

    private bool LookAtDeclaring(string kind)
    {
        var before = Token(_at - 1);
        var next = _at + 1;

        // "where T : class", "a as const", "enum class X", "record struct X", "function* x", "macro_rules! x".
        if ((before.Is(':') && _language == SourceLanguage.CSharp) || before.Is(','))
        {
            return false;
        }

        while (Token(next).Text is "*" or "!" or "mut"
            || (Token(next).Text is "class" or "struct" && Token(next + 1).IsWord))
        {
            next++;
        }

        switch (_language, kind)
        {
            case (SourceLanguage.Go, _) when kind != "function" && Token(next).Is('('):
                _group = kind;
                return true;
            case (SourceLanguage.Go, "function") when Token(next).Is('('):
                return DeclareGoMethod(next);
            case (SourceLanguage.Rust, "impl"):
                return EnterImpl(next);
            case (SourceLanguage.CSharp, "namespace"):
                return EnterNamespace(next);
            default:
                break;
        }

        if (!Token(next).IsWord || SourceLanguages.IsNoName(Token(next).Text) || !IsDeclaration(kind, next))
        {
            return false;
        }

        var isLocal = kind is "variable" or "constant" && _scopes.TryPeek(out var scope) && scope.IsCode;
        var isFunction = kind == "variable" && IsFunctionValue(next);
        _at = next;

        if (!isLocal || isFunction)
        {
            var isMethod = kind == "function" && _scopes.TryPeek(out var around) && around.Kind is "impl" or "trait";
            Declare(
                _tokens[next], isFunction ? "function" : isMethod ? "method" : kind,
                opens: kind is not ("variable" or "constant") || isFunction);
        }

        _hasAssigned = _hasAssigned || kind is "variable" or "constant";

        return true;
    }

    private bool IsDeclaration(string kind, int name)
    {
        var after = Token(name + 1);

        return (_language, kind) switch
        {
            // Elsewhere "struct point p" only uses it, and "struct point;" says that it is somewhere.
            (SourceLanguage.C, _) => after.Is('{') || (after.Is(':') && !Token(name + 2).Is(':')) || after.Text == "final",
            (SourceLanguage.CSharp or SourceLanguage.Java, "record") =>
                after.Is('(') || after.Is('{') || after.Is('<') || after.Is(':') || after.Is(';'),
            (SourceLanguage.JavaScript, "type") => after.Is('=') || after.Is('<'),
            (SourceLanguage.JavaScript, "namespace" or "interface") => after.Is('{') || after.Is('<') || after.Is('.')
                || after.Text == "extends",
            (SourceLanguage.JavaScript, "class") => after.Is('{') || after.Is('<') || after.Text is "extends" or "implements",
            _ => true,
        };
    }

    // "const name = (…) =>", "= async (…) =>", "= function".
    private bool IsFunctionValue(int name)
    {
        var at = name + 1;

        if (_language != SourceLanguage.JavaScript || !Token(at).Is('='))
        {
            return false;
        }

        at += Token(at + 1).Text == "async" ? 2 : 1;

        if (Token(at).Text == "function" || (Token(at).IsWord && Token(at + 1).Is('=') && Token(at + 2).Is('>')))
        {
            return true;
        }

        var end = Token(at).Is('(') ? Closing(at) : -1;

        return end > 0 && ((Token(end + 1).Is('=') && Token(end + 2).Is('>')) || Token(end + 1).Is(':'));
    }

    private bool DeclareGoMethod(int open)
    {
        var close = Closing(open);
        var receiver = Enumerable.Range(open + 1, Math.Max(0, close - open - 1)).Select(Token)
            .TakeWhile(token => !token.Is('[')).LastOrDefault(token => token.IsWord).Text;

        if (close < 0 || !Token(close + 1).IsWord)
        {
            return false;
        }

        Declare(Token(close + 1), "method", receiver);
        _at = close + 1;

        return true;
    }

    // "impl<T> Trait for Type<T> {": the type names the container.
    private bool EnterImpl(int from)
    {
        var (depth, name, isOver) = (0, "", false);

        for (var at = from; at < _tokens.Count && !Token(at).Is('{') && !Token(at).Is(';'); at++)
        {
            depth += Token(at).Is('<') ? 1 : Token(at).Is('>') && !Token(at - 1).Is('-') ? -1 : 0;
            isOver |= Token(at).Text == "where";
            name = depth == 0 && !isOver && Token(at).IsWord ? Token(at).Text == "for" ? "" : Token(at).Text : name;
        }

        _pending = new Scope(name, "impl", 0);

        return true;
    }

    private bool EnterNamespace(int from)
    {
        var end = from;

        while (Token(end).IsWord || Token(end).Is('.'))
        {
            end++;
        }

        var name = string.Concat(_tokens[from..Math.Min(end, _tokens.Count)].Select(token => token.Text));
        _symbols.Add(new Symbol(name, "namespace", Token(from).Line, Container()));
        _fileContainer = Token(end).Is(';') ? name : _fileContainer;
        _pending = new Scope(name, "namespace", 0);
        _at = Math.Max(_at, end - 1);

        return true;
    }

    private void LookAtMember(SourceToken token)
    {
        var kind = _scopes.TryPeek(out var scope) ? scope.Kind : "file";
        var isType = kind is "class" or "struct" or "interface" or "record" or "enum" or "union";

        if (_hasAssigned || SourceLanguages.IsNoName(token.Text) || scope is { IsCode: true })
        {
            return;
        }

        var before = Token(_at - 1);
        var next = Token(_at + 1);

        if (kind == "enum" && (before.Is('{') || before.Is(',') || before.Is(']'))
            && (next.Is(',') || next.Is('=') || next.Is('}') || next.Is('(') || next.Is(';')))
        {
            Declare(token, "enum_member", opens: false);
        }
        else if (Signature() is { } end)
        {
            LookAtMethod(token, before, end, isType, scope?.Name ?? "");
        }
        else if (isType && _language is SourceLanguage.CSharp or SourceLanguage.Java && IsTypeEnd(before)
            && SourceLanguages.Declares(_language, before.Text) is null)
        {
            var isProperty = next.Is('{') || (next.Is('=') && Token(_at + 2).Is('>'));

            if (isProperty || next.Is('=') || next.Is(';') || next.Is(','))
            {
                Declare(token, isProperty ? "property" : "field", opens: isProperty);
            }
        }
    }

    private void LookAtMethod(SourceToken token, SourceToken before, int end, bool isType, string container)
    {
        var after = Token(end + 1);
        var isConstructor = isType && token.Text == container;
        var hasBody = after.Is('{') || (after.Is('=') && Token(end + 2).Is('>') && _language == SourceLanguage.CSharp)
            || after.Text is "where" or "throws" or "const" or "noexcept" or "override" or "final"
            || (after.Is(':') && _language != SourceLanguage.Java)
            || (after.Is('-') && Token(end + 2).Is('>'));
        var isAbstract = isType && (after.Is(';') || after.Is('='));
        var isStart = before.Is('{') || before.Is('}') || before.Is(';') || before.Is('*') || before.Text.Length == 0
            || before.Text is "async" or "static" or "get" or "set" or "public" or "private" or "protected";
        var fits = _language switch
        {
            SourceLanguage.JavaScript => isType && (isStart || before.IsWord || token.IsFirst),
            SourceLanguage.CSharp or SourceLanguage.Java => isType && (isConstructor || IsTypeEnd(before)),
            SourceLanguage.C => IsTypeEnd(before) || before.Is(':') || before.Is('~') || isConstructor,
            _ => false,
        };

        if (fits && (hasBody || isAbstract) && !(before.Is('@') || before.Is('#')))
        {
            var isScoped = before.Is(':') && Token(_at - 2).Is(':') && Token(_at - 3).IsWord;
            var kind = isConstructor ? "constructor" : isType || isScoped ? "method" : "function";
            Declare(token, kind, isScoped ? Token(_at - 3).Text : null);
        }
    }

    // A name that a type or a modifier stands before.
    private static bool IsTypeEnd(SourceToken token) => token.IsWord
        ? !SourceLanguages.IsNoName(token.Text)
        : token.Is('>') || token.Is(']') || token.Is('?') || token.Is('*') || token.Is('&') || token.Is(')');

    /// <summary>Where the brackets end that make a method of this name, past its type parameters.</summary>
    private int? Signature()
    {
        var at = _at + 1;

        if (Token(at).Is('<'))
        {
            var depth = 0;
            var last = Math.Min(_tokens.Count, at + 64);

            do
            {
                depth += Token(at).Is('<') ? 1 : Token(at).Is('>') ? -1 : 0;
                at++;
            }
            while (depth > 0 && at < last);
        }

        return Token(at).Is('(') && Closing(at) is var end and > 0 ? end : null;
    }

    private int Closing(int open)
    {
        const int TokensMax = 1_000;
        var depth = 0;

        for (var at = open; at < Math.Min(_tokens.Count, open + TokensMax); at++)
        {
            depth += Token(at).Is('(') ? 1 : Token(at).Is(')') ? -1 : 0;

            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }

    private void LookInPython()
    {
        var token = _tokens[_at];
        _brackets = Math.Max(0, _brackets + (token.Text is "(" or "[" or "{" ? 1 : token.Text is ")" or "]" or "}" ? -1 : 0));

        if (token.IsFirst && _brackets == 0)
        {
            while (_scopes.TryPeek(out var scope) && scope.Brackets >= token.Indent)
            {
                _scopes.Pop();
            }
        }

        var isStart = token.IsFirst || Token(_at - 1) is { Text: "async", IsFirst: true };

        if (isStart && SourceLanguages.Declares(_language, token.Text) is { } kind && Token(_at + 1).IsWord)
        {
            var indent = token.IsFirst ? token.Indent : Token(_at - 1).Indent;
            var isMethod = kind == "function" && _scopes.TryPeek(out var around) && around.Kind == "class";
            var name = _tokens[++_at];
            Declare(name, isMethod ? "method" : kind);
            _scopes.Push(new Scope(name.Text, kind, indent));
        }
        else if (token is { IsFirst: true, IsWord: true } && _brackets == 0 && Token(_at + 1).Is('=')
            && !Token(_at + 2).Is('=') && (_scopes.Count == 0 || _scopes.Peek().Kind == "class"))
        {
            Declare(token, _scopes.Count == 0 ? "variable" : "field");
        }
    }

    /// <param name="Brackets">Open brackets around it; in Python the indentation of its head.</param>
    private sealed record Scope(string Name, string Kind, int Brackets)
    {
        public bool IsCode => Kind is "block" or "function" or "method" or "constructor" or "property" or "variable";
    }
}

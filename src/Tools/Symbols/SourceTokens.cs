namespace Reeve.Tools.Symbols;

/// <summary>The tokens of a file, and what can be said of some of them by those that stand around.</summary>
/// <remarks>Every place may be asked for: before the first and behind the last one stands an empty token.</remarks>
internal sealed class SourceTokens(string text, SourceLanguage language)
{
    private const int BracketTokensMax = 1_000;
    private const int TypeParameterTokensMax = 64;

    private readonly List<SourceToken> _tokens = new SourceLexer(text, language).Read();

    public int Count => _tokens.Count;

    public SourceToken this[int index] =>
        index >= 0 && index < _tokens.Count ? _tokens[index] : new SourceToken("", 0, -1);

    /// <summary>Whether the word of this kind before a name declares it, and does not only use it.</summary>
    public bool IsDeclaration(string kind, int name)
    {
        var after = this[name + 1];

        return (language, kind) switch
        {
            // Elsewhere "struct point p" only uses it, and "struct point;" says that it is somewhere.
            (SourceLanguage.C, _) => after.Is('{') || after.Text == "final"
                || (after.Is(':') && !this[name + 2].Is(':')),
            (SourceLanguage.CSharp or SourceLanguage.Java, "record") =>
                after.Is('(') || after.Is('{') || after.Is('<') || after.Is(':') || after.Is(';'),
            (SourceLanguage.JavaScript, "type") => after.Is('=') || after.Is('<'),
            (SourceLanguage.JavaScript, "namespace" or "interface") => after.Is('{') || after.Is('<') || after.Is('.')
                || after.Text == "extends",
            (SourceLanguage.JavaScript, "class") => after.Is('{') || after.Is('<')
                || after.Text is "extends" or "implements",
            _ => true,
        };
    }

    /// <summary>"const name = (…) =>", "= async (…) =>", "= function".</summary>
    public bool IsFunctionValue(int name)
    {
        var at = name + 1;

        if (language != SourceLanguage.JavaScript || !this[at].Is('='))
        {
            return false;
        }

        at += this[at + 1].Text == "async" ? 2 : 1;

        if (this[at].Text == "function" || (this[at].IsWord && this[at + 1].Is('=') && this[at + 2].Is('>')))
        {
            return true;
        }

        var end = this[at].Is('(') ? Closing(at) : -1;

        return end > 0 && ((this[end + 1].Is('=') && this[end + 2].Is('>')) || this[end + 1].Is(':'));
    }

    /// <summary>Where the brackets end that make a method of this name, past its type parameters.</summary>
    public int? SignatureEnd(int name)
    {
        var at = name + 1;

        if (this[at].Is('<'))
        {
            var depth = 0;
            var last = Math.Min(_tokens.Count, at + TypeParameterTokensMax);

            do
            {
                depth += this[at].Is('<') ? 1 : this[at].Is('>') ? -1 : 0;
                at++;
            }
            while (depth > 0 && at < last);
        }

        return this[at].Is('(') && Closing(at) is var end and > 0 ? end : null;
    }

    /// <summary>Where the bracket ends that opens here; -1 where it is not seen to end.</summary>
    public int Closing(int open)
    {
        var depth = 0;

        for (var at = open; at < Math.Min(_tokens.Count, open + BracketTokensMax); at++)
        {
            depth += this[at].Is('(') ? 1 : this[at].Is(')') ? -1 : 0;

            if (depth == 0)
            {
                return at;
            }
        }

        return -1;
    }
}

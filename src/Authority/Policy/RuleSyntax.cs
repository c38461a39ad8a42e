namespace Reeve.Authority.Policy;

/// <summary>Reads rules in the syntax people know from coding agents.</summary>
/// <remarks>
/// <c>Bash(git push:*)</c> or <c>Shell(…)</c>: each simple command of a line that begins with these words;
/// without <c>:*</c> exactly these words. <c>Read(…)</c>, <c>Edit(…)</c>, <c>Write(…)</c>, <c>Delete(…)</c>:
/// path patterns as in .gitignore, relative to the workspace. <c>WebFetch(domain:*.example.com)</c>.
/// A name alone is a tool, as <c>grep</c> or <c>mcp__server__tool</c>; <c>Bash</c>, <c>Read</c> and so on without
/// parentheses are all effects of that kind. Anything else is <c>rule.invalid</c>: a rule that is not understood
/// must not look as if it protected something.
/// </remarks>
public static class RuleSyntax
{
    public const int TextCharsMax = 2_000;

    public static Rule Parse(string text, Decision decision, RuleTier tier)
    {
        var rule = new Rule(decision, tier, text.Trim());
        _ = Read(rule.Text);

        return rule;
    }

    internal static RulePattern Read(string text)
    {
        Problem.ThrowUnless(
            text.Length is > 0 and <= TextCharsMax && !text.AsSpan().ContainsAny('\0', '\n', '\r'),
            "rule.invalid",
            $"A rule is one line of at most {TextCharsMax} characters.");

        var open = text.IndexOf('(', StringComparison.Ordinal);

        if (open < 0)
        {
            return ReadName(text);
        }

        Problem.ThrowUnless(
            text.EndsWith(')') && open > 0, "rule.invalid", "A rule with '(' ends with ')', as Bash(git push:*).");

        return ReadContent(text[..open], text[(open + 1)..^1].Trim());
    }

    private static RulePattern ReadName(string name) => name switch
    {
        "Bash" or "Shell" => new RulePattern.Command(CommandPattern.Any),
        "Read" => new RulePattern.Path(EffectKind.ReadFile, PathGlob.Parse("**")),
        "Edit" or "Write" => new RulePattern.Path(EffectKind.WriteFile, PathGlob.Parse("**")),
        "Delete" => new RulePattern.Path(EffectKind.DeleteFile, PathGlob.Parse("**")),
        "WebFetch" => new RulePattern.Host(string.Empty),
        _ => ReadToolName(name),
    };

    private static RulePattern.Tool ReadToolName(string name)
    {
        foreach (var letter in name.AsSpan().TrimEnd('*'))
        {
            Problem.ThrowUnless(
                char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.',
                "rule.invalid",
                "The name of a tool has letters, digits, '_', '-' and '.'.");
        }

        // mcp__server names all tools of that server.
        var isServer = name.StartsWith("mcp__", StringComparison.Ordinal)
            && name.IndexOf("__", 5, StringComparison.Ordinal) < 0
            && !name.EndsWith('*');

        return new RulePattern.Tool(isServer ? name + "__*" : name);
    }

    private static RulePattern ReadContent(string name, string content)
    {
        Problem.ThrowUnless(content.Length > 0, "rule.invalid", "The parentheses of a rule cannot be empty.");

        return name switch
        {
            "Bash" or "Shell" => new RulePattern.Command(CommandPattern.Parse(content)),
            "Read" => new RulePattern.Path(EffectKind.ReadFile, ReadPath(content)),
            "Edit" or "Write" => new RulePattern.Path(EffectKind.WriteFile, ReadPath(content)),
            "Delete" => new RulePattern.Path(EffectKind.DeleteFile, ReadPath(content)),
            "WebFetch" => new RulePattern.Host(ReadDomain(content)),
            _ => throw new ProblemException(new Problem(
                "rule.invalid",
                "Rules with parentheses are Bash, Shell, Read, Edit, Write, Delete and WebFetch.")),
        };
    }

    private static PathGlob ReadPath(string content)
    {
        var isInside = !content.StartsWith('/') && !content.StartsWith('~')
            && !content.Split('/').Contains("..", StringComparer.Ordinal);
        Problem.ThrowUnless(
            isInside, "rule.invalid", "A path in a rule is relative to the workspace, without '..' and '~'.");

        return PathGlob.Parse(content);
    }

    internal static string ReadDomain(string content)
    {
        var domain = content.StartsWith("domain:", StringComparison.Ordinal) ? content[7..] : string.Empty;
        var name = domain.StartsWith("*.", StringComparison.Ordinal) ? domain[2..] : domain;
        var isName = domain is "*" || (name.Length > 0
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or ':'));
        Problem.ThrowUnless(isName, "rule.invalid", "WebFetch takes domain:NAME or domain:*.NAME.");

        return domain is "*" ? string.Empty : domain.ToLowerInvariant();
    }
}

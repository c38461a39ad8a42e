namespace Reeve.Authority.Policy;

/// <summary>Commands of the shell itself that set variables.</summary>
internal static class ShellBuiltins
{
    private static readonly HashSet<string> s_setters = new(StringComparer.Ordinal)
    {
        "read", "mapfile", "readarray", "declare", "typeset", "local", "export", "readonly", "getopts", "printf", "let",
        "unset", "wait",
    };

    /// <summary>Their values are not followed: whatever they name may hold anything afterwards.</summary>
    public static void TakeVariables(SimpleCommand command, ShellVariables variables)
    {
        if (command.Words.IsEmpty || !s_setters.Contains(command.Words[0].Text))
        {
            return;
        }

        foreach (var word in command.Words.Skip(1))
        {
            var text = word.Text.StartsWith("-v", StringComparison.Ordinal) ? word.Text.AsSpan(2) : word.Text;
            var end = text.IndexOfAny("=[+");
            var name = end >= 0 ? text[..end] : text;

            if (IsName(name))
            {
                variables.SetUnknown(name.ToString());
            }
        }
    }

    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter != '_')
            {
                return false;
            }
        }

        return true;
    }
}

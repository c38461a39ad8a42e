using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli;

/// <summary>Finds a flag that the command does not have, before it is taken for a goal or a name.</summary>
internal static class UnknownFlags
{
    public static Problem? In(Command command, IReadOnlyList<string> arguments)
    {
        var current = command;

        for (var index = 0; index < arguments.Count && arguments[index] != "--"; index++)
        {
            var text = arguments[index];

            if (text is not ['-', _, ..])
            {
                current = current.Subcommands.FirstOrDefault(sub => sub.Name == text) ?? current;
                continue;
            }

            var name = text.Split('=', 2)[0];

            if (name is "--help" or "-h" or "-?")
            {
                continue;
            }

            if (Find(current, name) is not { } option)
            {
                return Refusal(current, name);
            }

            // Its value may begin with a dash too.
            index += option.ValueType == typeof(bool) || text.Contains('=', StringComparison.Ordinal) ? 0 : 1;
        }

        return null;
    }

    private static Option? Find(Command command, string name) => command.Options.FirstOrDefault(
        option => option.Name == name || option.Aliases.Contains(name));

    private static Problem Refusal(Command command, string name)
    {
        var known = command.Options.Select(option => option.Name).Append("--help");
        var hint = Suggestion.For(name, known) is { } meant
            ? $"Did you mean {meant}?"
            : $"See reeve {command.Name} --help. A text that begins with a dash goes after --.";
        return new Problem(
            "usage.unknown_flag", $"reeve {command.Name} has no flag {InertText.OneLine(name, 40)}. {hint}");
    }
}

using System.CommandLine;
using System.Text;

namespace Reeve.Cli;

/// <summary>Help as it is shown and as the reference prints it: one text, from the commands themselves.</summary>
internal static class HelpText
{
    public static string OfAll(World world, string purpose)
    {
        var text = new StringBuilder($"{purpose}\n\n  reeve \"goal\"              the same as reeve run \"goal\"\n\n");

        foreach (var command in CommandTable.All.Select(entry => entry.Build(world)))
        {
            text.Append($"  {command.Name,-10}  {command.Description}\n");
        }

        return text.Append("\n  --version   Print the version.\n\nMore: reeve COMMAND --help").ToString();
    }

    public static string Of(Command command)
    {
        var text = new StringBuilder($"{command.Description}\n\n  {Usage(command)}\n");

        if (command.Subcommands.Count > 0)
        {
            text.Append('\n');
            Rows(text, command.Subcommands.Select(sub => (sub.Name, sub.Description ?? "")));
        }

        var rows = command.Arguments.Select(argument => (argument.Name, argument.Description ?? ""))
            .Concat(command.Options.Select(option => (NameOf(option), option.Description ?? "")))
            .ToList();

        if (rows.Count > 0)
        {
            text.Append('\n');
            Rows(text, rows);
        }

        return text.ToString().TrimEnd();
    }

    public static string Usage(Command command)
    {
        var path = new Stack<string>();

        for (Symbol? symbol = command; symbol is Command; symbol = symbol.Parents.FirstOrDefault())
        {
            path.Push(symbol is RootCommand ? "reeve" : symbol.Name);
        }

        if (path.Peek() != "reeve")
        {
            path.Push("reeve");
        }

        var arguments = command.Arguments.Select(argument =>
            argument.Arity.MaximumNumberOfValues > 1 ? $"-- {argument.Name}…"
            : argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name);
        var options = command.Options.Count > 0 ? ["[OPTIONS]"] : Array.Empty<string>();
        var subcommand = command.Subcommands.Count > 0 ? ["COMMAND"] : Array.Empty<string>();
        return string.Join(' ', path.Concat(subcommand).Concat(options).Concat(arguments));
    }

    private static string NameOf(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name).OrderBy(name => name.Length));
        return option.ValueType == typeof(bool) ? names : $"{names} {option.HelpName}";
    }

    private static void Rows(StringBuilder text, IEnumerable<(string Name, string Meaning)> rows)
    {
        var list = rows.ToList();
        var width = Math.Min(30, list.Max(row => row.Name.Length));

        foreach (var (name, meaning) in list)
        {
            text.Append($"  {name.PadRight(width)}  {meaning}\n");
        }
    }
}

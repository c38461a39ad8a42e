using System.Text;

namespace Reeve.Cli.ShellCompletion;

/// <summary>Completion for fish.</summary>
internal static class FishScript
{
    public static string Of(Completed all)
    {
        var script = new StringBuilder("""
            # fish completion for reeve; made by `reeve completion fish`.
            function __reeve_runs
              echo last
              reeve runs 2>/dev/null | string replace -r ' .*' '' | string match -r '^[0-9a-z]+$'
            end

            function __reeve_at
              set -l path
              for word in (commandline -opc)[2..]
                switch "$path $word"

            """);

        foreach (var below in all.WithBelow().SelectMany(command => command.Below))
        {
            var parent = below.Path[..^below.Name.Length].TrimEnd();
            script.Append($"      case '{parent} {below.Name}'\n        set path '{below.Path}'\n");
        }

        script.Append("    end\n  end\n  test \"$path\" = \"$argv\"\nend\n\ncomplete -c reeve -f\n");

        foreach (var command in all.WithBelow())
        {
            Append(script, command);
        }

        return script.ToString();
    }

    private static void Append(StringBuilder script, Completed command)
    {
        var at = $"complete -c reeve -n '__reeve_at {command.Path}'";

        foreach (var below in command.Below)
        {
            script.Append($"{at} -a {below.Name} -d {Quoted(below.Meaning)}\n");
        }

        script.Append(Value(command.Argument) is { Length: > 0 } argument && command.Argument.Kind != ValueKind.Text
            ? $"{at}{argument.Replace(" -x", "", StringComparison.Ordinal)}\n" : "");

        foreach (var flag in command.Flags)
        {
            var names = string.Concat(flag.Names.Select(name => name.StartsWith("--", StringComparison.Ordinal)
                ? $" -l {name[2..]}" : $" -s {name[1..]}"));
            script.Append($"{at}{names} -d {Quoted(flag.Meaning)}{Value(flag.Value)}\n");
        }
    }

    private static string Value(CompletedValue value) => value.Kind switch
    {
        ValueKind.None => "",
        ValueKind.File => " -r -F",
        ValueKind.Folder => " -x -a '(__fish_complete_directories)'",
        ValueKind.Run => " -x -a '(__reeve_runs)'",
        ValueKind.Word => $" -x -a '{string.Join(' ', value.Words)}'",
        _ => " -x",
    };

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}

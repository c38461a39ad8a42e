using System.Text;

namespace Reeve.Cli.ShellCompletion;

/// <summary>Completion for zsh, with what each word means beside it.</summary>
internal static class ZshScript
{
    public static string Of(Completed all)
    {
        var script = new StringBuilder("""
            #compdef reeve
            # zsh completion for reeve; made by `reeve completion zsh`.
            _reeve_runs() {
              print -l last
              reeve runs 2>/dev/null | cut -d' ' -f1 | grep -E '^[0-9a-z]+$'
            }

            _reeve() {
              local cur=${words[CURRENT]} prev=${words[CURRENT-1]} path_= value= i
              local -a names meanings flags about
              for ((i = 2; i < CURRENT; i++)); do
                case "$path_ ${words[i]}" in

            """);

        foreach (var below in all.WithBelow().SelectMany(command => command.Below))
        {
            var parent = below.Path[..^below.Name.Length].TrimEnd();
            script.Append($"      '{parent} {below.Name}') path_='{below.Path}' ;;\n");
        }

        script.Append("    esac\n  done\n  case \"$path_\" in\n");

        foreach (var command in all.WithBelow())
        {
            AppendCommand(script, command);
        }

        script.Append("  esac\n  case \"$path_ $prev\" in\n");

        foreach (var command in all.WithBelow())
        {
            foreach (var flag in command.Flags.Where(flag => flag.Value.Kind != ValueKind.None))
            {
                var names = string.Join('|', flag.Names.Select(name => $"'{command.Path} {name}'"));
                script.Append($"    {names}) value={Shell(flag.Value)} ;;\n");
            }
        }

        return script.Append("""
              esac
              if [[ $cur == -* ]]; then
                compadd -l -d about -- $flags
                return
              fi
              case "$value" in
                @file) _files ;;
                @folder) _files -/ ;;
                @run) compadd -- $(_reeve_runs) ;;
                @text) ;;
                '') (( $#names )) && compadd -l -d meanings -- $names ;;
                *) compadd -- ${=value} ;;
              esac
            }

            (( $+functions[compdef] )) && compdef _reeve reeve

            """).ToString();
    }

    private static void AppendCommand(StringBuilder script, Completed command)
    {
        var flags = command.Flags.SelectMany(flag => flag.Names.Select(name => (name, flag.Meaning))).ToList();
        script.Append($"    '{command.Path}')\n      names=({List(command.Below.Select(below => below.Name))})\n")
            .Append($"      meanings=({List(command.Below.Select(below => $"{below.Name}  {below.Meaning}"))})\n")
            .Append($"      flags=({List(flags.Select(flag => flag.name))})\n")
            .Append($"      about=({List(flags.Select(flag => $"{flag.name}  {flag.Meaning}"))})\n")
            .Append(command.Argument.Kind is ValueKind.None or ValueKind.Text
                ? "" : $"      value={Shell(command.Argument)}\n")
            .Append("      ;;\n");
    }

    private static string List(IEnumerable<string> items) => string.Join(' ', items.Select(Quoted));

    private static string Shell(CompletedValue value) => value.Kind switch
    {
        ValueKind.File => "@file",
        ValueKind.Folder => "@folder",
        ValueKind.Run => "@run",
        ValueKind.Word => Quoted(string.Join(' ', value.Words)),
        _ => "@text",
    };

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

using System.Text;

namespace Reeve.Cli.ShellCompletion;

/// <summary>Completion for bash. The words are fixed when the script is made; only runs are asked for while
/// typing.</summary>
internal static class BashScript
{
    public static string Of(Completed all)
    {
        var script = new StringBuilder("""
            # bash completion for reeve; made by `reeve completion bash`.
            _reeve_runs() {
              printf 'last\n'
              reeve runs 2>/dev/null | cut -d' ' -f1 | grep -E '^[0-9a-z]+$'
            }

            _reeve() {
              local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= flags= value= i
              for ((i = 1; i < COMP_CWORD; i++)); do
                case "$path ${COMP_WORDS[i]}" in

            """);

        foreach (var below in all.WithBelow().SelectMany(command => command.Below))
        {
            var parent = below.Path[..^below.Name.Length].TrimEnd();
            script.Append($"      '{parent} {below.Name}') path='{below.Path}' ;;\n");
        }

        script.Append("    esac\n  done\n  case \"$path $prev\" in\n");

        foreach (var command in all.WithBelow())
        {
            foreach (var flag in command.Flags.Where(flag => flag.Value.Kind != ValueKind.None))
            {
                var names = string.Join('|', flag.Names.Select(name => $"'{command.Path} {name}'"));
                script.Append($"    {names}) value={Shell(flag.Value)} ;;\n");
            }
        }

        script.Append("  esac\n  if [ -z \"$value\" ]; then\n    case \"$path\" in\n");

        foreach (var command in all.WithBelow())
        {
            var words = string.Join(' ', command.Below.Select(below => below.Name).Concat(command.Argument.Words));
            var flags = string.Join(' ', command.Flags.SelectMany(flag => flag.Names));
            var value = command.Argument.Kind is ValueKind.Run or ValueKind.File or ValueKind.Folder
                ? $" value={Shell(command.Argument)}" : "";
            script.Append($"      '{command.Path}') words='{words}' flags='{flags}'{value} ;;\n");
        }

        return script.Append("""
                esac
              fi
              COMPREPLY=()
              if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W "$flags" -- "$cur"))
                return
              fi
              case "$value" in
                @file) COMPREPLY=($(compgen -f -- "$cur")) ;;
                @folder) COMPREPLY=($(compgen -d -- "$cur")) ;;
                @run) COMPREPLY=($(compgen -W "$(_reeve_runs)" -- "$cur")) ;;
                @text) ;;
                *) COMPREPLY=($(compgen -W "${value:-$words}" -- "$cur")) ;;
              esac
            }

            complete -F _reeve reeve

            """).ToString();
    }

    private static string Shell(CompletedValue value) => value.Kind switch
    {
        ValueKind.File => "@file",
        ValueKind.Folder => "@folder",
        ValueKind.Run => "@run",
        ValueKind.Word => $"'{string.Join(' ', value.Words)}'",
        _ => "@text",
    };
}

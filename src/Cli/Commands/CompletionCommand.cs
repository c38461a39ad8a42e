using System.CommandLine;
using Reeve.Cli.ShellCompletion;

namespace Reeve.Cli.Commands;

/// <summary>Prints the completion script of a shell, made from the commands themselves.</summary>
internal sealed class CompletionCommand : ReeveCommand
{
    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or fish." };

    public CompletionCommand(World world)
        : base("completion", "Print the completion script of a shell.", world)
    {
        _shell.CompletionSources.Add("bash", "zsh", "fish");
        Add(_shell);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var all = Completed.All(World);
        var script = parse.GetValue(_shell) switch
        {
            "bash" => BashScript.Of(all),
            "zsh" => ZshScript.Of(all),
            "fish" => FishScript.Of(all),
            _ => null,
        };

        if (script is null)
        {
            RefuseValue("SHELL", "bash, zsh or fish");
        }

        // Our own text: words of the command table, for a shell to read.
        World.Terminal.OutVerbatim(script!);
        return Task.FromResult(ExitCode.Ok);
    }
}

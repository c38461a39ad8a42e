using Reeve.Tests.Scenarios.Runs;
using Xunit;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>Completion is asked of the shells themselves, with the script that the command prints.</summary>
public sealed class CompletionTests
{
    private const string Bash = """
        source <(reeve completion bash)
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reeve; printf '%s\n' "${COMPREPLY[@]}"
        """;

    // Outside of a line that is edited the builtin refuses to be called, so what it is given is printed.
    private const string Zsh = """
        compadd() {
          while [[ $1 != -- ]]; do shift; done; shift
          local w; for w in "$@"; do [[ $w == ${PREFIX_}* ]] && print -r -- $w; done; return 0
        }
        _files() { print -r -- files $* }
        source <(reeve completion zsh)
        words=("$@"); CURRENT=$#; PREFIX_=${words[CURRENT]}; _reeve
        """;

    private const string Fish = """
        reeve completion fish | source
        complete -C (string join ' ' -- $argv) | string replace -r '\t.*' ''
        """;

    public static TheoryData<string> Shells => ["bash", "zsh", "fish"];

    [Theory]
    [MemberData(nameof(Shells))]
    [Trait("Req", "CLI-1")]
    public async Task Commands_and_flags_are_those_of_the_command(string shell)
    {
        using var reeve = OnPath();

        Assert.Equal(["redact"], await CompleteAsync(reeve, shell, "red"));
        Assert.Equal(["show"], await CompleteAsync(reeve, shell, "config", "s"));
        Assert.Equal(["--output-format", "--output-schema"], await CompleteAsync(reeve, shell, "run", "--output"));
        Assert.Equal(["--output-format", "--output-schema"], await CompleteAsync(reeve, shell, "goal", "--output"));
        Assert.Equal(["never"], await CompleteAsync(reeve, shell, "run", "--apply", "n"));
        Assert.Equal(["bash"], await CompleteAsync(reeve, shell, "completion", "b"));
        Assert.Empty(await CompleteAsync(reeve, shell, "run", "--model", "re"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    [Trait("Req", "CLI-1")]
    public async Task A_run_is_offered_by_its_identifier_and_nothing_of_its_goal_is_run(string shell)
    {
        using var reeve = OnPath();
        reeve.Environment["REEVE_MODEL"] = $"scripted/{reeve.Root}/script.json";
        await File.WriteAllTextAsync(
            Path.Combine(reeve.Root, "script.json"), Reeve.Tests.Shared.Scripts.Of(
                Reeve.Tests.Shared.Scripts.Says("Hello.")),
            TestContext.Current.CancellationToken);
        await reeve.RunAsync("$(touch pwned) `touch pwned` last");

        var offered = await CompleteAsync(reeve, shell, "show", "");

        var id = (await reeve.RunAsync("runs")).Output.Split(' ')[0];
        Assert.Equal(new[] { "last", id }.Order(StringComparer.Ordinal), offered);
        Assert.False(File.Exists(Path.Combine(reeve.Workspace, "pwned")));
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Each_command_of_the_table_is_known_to_each_script()
    {
        using var reeve = OnPath();
        var commands = (await reeve.RunAsync("--help")).Output.Split('\n')
            .Where(line => line.StartsWith("  ", StringComparison.Ordinal)
                && !line.Contains("reeve", StringComparison.Ordinal))
            .Select(line => line.Trim().Split(' ')[0]).Where(word => !word.StartsWith('-')).ToList();

        foreach (var shell in Shells)
        {
            var offered = await CompleteAsync(reeve, shell.Data, "");
            Assert.Superset(commands.ToHashSet(), offered.ToHashSet());
        }

        Assert.Equal(2, (await reeve.RunAsync("completion", "tcsh")).ExitCode);
    }

    private static CommandProcess OnPath()
    {
        var reeve = new CommandProcess();
        reeve.Environment["PATH"] = $"{Path.GetDirectoryName(CommandProcess.Program)}:{reeve.Environment["PATH"]}";
        return reeve;
    }

    private static async Task<IReadOnlyList<string>> CompleteAsync(
        CommandProcess reeve, string shell, params string[] typed)
    {
        string[] words = ["reeve", .. typed];
        var ended = shell switch
        {
            "bash" => await reeve.RunProgramAsync("bash", ["--norc", "-c", Bash, "bash", .. words]),
            "zsh" => await reeve.RunProgramAsync("zsh", ["-f", "-c", Zsh, "zsh", .. words]),
            _ => await reeve.RunProgramAsync("fish", ["--no-config", "-c", Fish, .. words]),
        };
        Assert.Equal("", ended.Error);
        return [.. ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }
}

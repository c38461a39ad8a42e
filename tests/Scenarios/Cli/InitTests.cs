using System.Text.RegularExpressions;
using Reeve.Hosting.Configuration;
using Reeve.Tests.Scenarios.Runs;
using Xunit;

namespace Reeve.Tests.Scenarios.Cli;

public sealed class InitTests
{
    private static readonly Regex s_key = new(
        @"(?m)^(?<indent> *)#(?<key>[a-zA-Z]+):(?<value>.+)$",
            RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture);

    [Fact]
    [Trait("Req", "CLI-3")]
    public async Task It_writes_a_configuration_that_changes_nothing_and_notes_for_agents()
    {
        using var reeve = new CommandProcess();
        reeve.Write("package.json", "{}");
        var before = await reeve.RunAsync("config", "show");

        var ended = await reeve.RunAsync("init");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(before.Output, (await reeve.RunAsync("config", "show")).Output);
        Assert.Contains("`npm test`", reeve.Read("AGENTS.md"), StringComparison.Ordinal);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ConfigurationOf(reeve)));
    }

    [Fact]
    [Trait("Req", "CLI-3")]
    public async Task Every_key_stands_in_it_and_holds_its_default_when_it_is_uncommented()
    {
        using var reeve = new CommandProcess();
        await reeve.RunAsync("init");
        var text = await File.ReadAllTextAsync(ConfigurationOf(reeve), TestContext.Current.CancellationToken);
        var before = (await reeve.RunAsync("config", "show", "--json")).Output;

        await File.WriteAllTextAsync(
            ConfigurationOf(reeve), s_key.Replace(text, "${indent}${key}:${value}"),
                TestContext.Current.CancellationToken);
        var after = await reeve.RunAsync("config", "show", "--json");

        Assert.All(
            SettingKeys.All.Where(key => key.Kind != SettingKind.Secret),
            key => Assert.Matches($@"(?m)^ *#{key.Name.Split('.')[^1]}:", text));
        Assert.Equal(0, after.ExitCode);
        Assert.Equal(ValuesOf(before), ValuesOf(after.Output));
        Assert.Equal(
            SettingKeys.All.Count(key => key.Default.Length > 0),
            after.Output.Split("user file, line").Length - 1);
    }

    [Fact]
    [Trait("Req", "CLI-3")]
    public async Task It_never_overwrites_and_force_keeps_what_was_there()
    {
        using var reeve = new CommandProcess();
        reeve.Write("AGENTS.md", "mine");

        var first = await reeve.RunAsync("init");
        var second = await reeve.RunAsync("init");
        var forced = await reeve.RunAsync("init", "--force");
        var again = await reeve.RunAsync("init", "--force");

        Assert.Equal((0, 2, 0, 0), (first.ExitCode, second.ExitCode, forced.ExitCode, again.ExitCode));
        Assert.Contains("kept", first.Output, StringComparison.Ordinal);
        Assert.Contains("init.exists", second.Error, StringComparison.Ordinal);
        Assert.Equal("mine", reeve.Read("AGENTS.md.bak"));
        Assert.Equal(reeve.Read("AGENTS.md"), reeve.Read("AGENTS.md.bak2"));
        Assert.True(File.Exists(ConfigurationOf(reeve) + ".bak2"));
    }

    [Fact]
    [Trait("Req", "CLI-3")]
    public async Task Notes_that_would_be_hidden_and_links_are_left_alone()
    {
        using var reeve = new CommandProcess();
        reeve.Write("CLAUDE.md", "mine");
        var elsewhere = Path.Combine(reeve.Root, "elsewhere.yaml");
        Directory.CreateDirectory(Path.GetDirectoryName(ConfigurationOf(reeve))!);
        File.CreateSymbolicLink(ConfigurationOf(reeve), elsewhere);

        var ended = await reeve.RunAsync("init");

        Assert.Equal(2, ended.ExitCode);
        Assert.False(File.Exists(Path.Combine(reeve.Workspace, "AGENTS.md")) || File.Exists(elsewhere));
        Assert.Equal(0, (await reeve.RunAsync("init", "--force")).ExitCode);
        Assert.False(File.Exists(elsewhere));
    }

    [Fact]
    [Trait("Req", "CLI-3")]
    public async Task So_many_copies_are_kept_and_no_more()
    {
        using var reeve = new CommandProcess();
        reeve.Write("AGENTS.md", "mine");

        for (var number = 1; number <= ConfigurationFiles.BackupsMax; number++)
        {
            reeve.Write(number == 1 ? "AGENTS.md.bak" : $"AGENTS.md.bak{number}", "older");
        }

        var ended = await reeve.RunAsync("init", "--force");

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal("mine", reeve.Read("AGENTS.md"));
    }

    private static string ConfigurationOf(CommandProcess reeve) =>
        Path.Combine(reeve.Home, ".config", "reeve", "config.yaml");

    private static IReadOnlyList<string> ValuesOf(string lines)
    {
        using var document = System.Text.Json.JsonDocument.Parse(lines);
        return
        [
            .. document.RootElement.EnumerateArray()
                .Select(line => $"{line.GetProperty("key")}={line.GetProperty("value")}"),
        ];
    }
}

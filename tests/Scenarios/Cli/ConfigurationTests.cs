using Reeve.Cli.Reference;
using Reeve.Hosting.Configuration;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

public sealed class ConfigurationTests
{
    [Fact]
    [Trait("Req", "OPS-4")]
    public async Task Every_value_is_shown_with_its_origin_and_no_secret()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("config.yaml", "limits:\n  turns: 7\n");
        var session = new CommandSession(reeve) { ConfigurationPath = Path.Combine(reeve.Workspace, "config.yaml") };
        session.Environment["OPENAI_API_KEY"] = "sk-very-secret";

        Assert.Equal(0, await session.TypeAsync("config", "show"));

        Assert.Matches("limits.turns +7 +system file, line 2", session.Output);
        Assert.Matches("models.openai.apiKey +\\(set\\) +environment OPENAI_API_KEY", session.Output);
        Assert.DoesNotContain("sk-very-secret", session.Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "OPS-4")]
    public async Task An_unknown_key_is_refused_with_a_suggestion()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("config.yaml", "limits:\n  truns: 7\n");
        var session = new CommandSession(reeve) { ConfigurationPath = Path.Combine(reeve.Workspace, "config.yaml") };

        Assert.Equal(2, await session.TypeAsync("do it"));

        Assert.Equal(
            "reeve: config.unknown_key: There is no key 'limits.truns' (system file, line 2)."
            + " Did you mean limits.turns?\n",
            session.Error);
    }

    [Fact]
    [Trait("Req", "OPS-4")]
    public async Task A_file_past_its_bound_is_refused()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("config.yaml", new string('#', ConfigurationFiles.FileBytesMax + 1));
        var session = new CommandSession(reeve) { ConfigurationPath = Path.Combine(reeve.Workspace, "config.yaml") };

        Assert.Equal(2, await session.TypeAsync("config", "show"));

        Assert.Contains("config.too_large", session.Error, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "OPS-4")]
    [InlineData("cli.md")]
    [InlineData("config.md")]
    public void The_reference_says_what_the_code_says(string page) => Assert.Equal(
        page == "cli.md" ? CliReference.Markdown() : ConfigReference.Markdown(),
        File.ReadAllText(Path.Combine(Root(), "docs", "reference", page)));

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;

        while (!File.Exists(Path.Combine(folder, "Reeve.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}

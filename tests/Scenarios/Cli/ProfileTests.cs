using Reeve.Hosting.Configuration;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

public sealed class ProfileTests
{
    private const string File = """
        limits:
          turns: 7
          wallMinutes: 9
        profiles:
          quick:
            limits: { turns: 1 }
          slow:
            limits:
              turns: 50
        """;

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task A_profile_is_stronger_than_the_file_and_weaker_than_environment_and_flags()
    {
        await using var reeve = new ReeveHarness(Of(Call("write", new { path = "a.txt", content = "a" }), Finishes()));
        var session = Session(reeve);

        Assert.Equal(3, await session.TypeAsync("write it", "--profile", "quick"));
        Assert.Equal(7, await session.TypeAsync("write it", "--profile", "quick", "--max-turns", "5"));
        session.Environment["REEVE_LIMITS__TURNS"] = "6";
        Assert.Equal(7, await session.TypeAsync("write it", "--profile", "quick"));
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Show_says_where_a_value_is_from()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = Session(reeve);

        Assert.Equal(0, await session.TypeAsync("config", "show", "--profile", "quick"));

        Assert.Matches("limits.turns +1 +profile quick, system file, line 6", session.Output);
        Assert.Matches("limits.wallMinutes +9 +system file, line 3", session.Output);
        Assert.Matches("profile +quick +flag --profile", session.Output);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task The_environment_chooses_one_too()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = Session(reeve);
        session.Environment["REEVE_PROFILE"] = "slow";

        await session.TypeAsync("config", "show");

        Assert.Matches("limits.turns +50 +profile slow", session.Output);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task One_that_does_not_exist_is_refused_with_what_was_meant()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = Session(reeve);

        Assert.Equal(2, await session.TypeAsync("do it", "--profile", "quik"));

        Assert.Contains("config.unknown_profile: There is no profile 'quik' (flag --profile). Did you mean quick?",
            session.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("profiles:\n  a:\n    limits:\n      truns: 7\n", "config.unknown_key")]
    [InlineData("profiles:\n  a:\n    profile: b\n", "config.invalid_value")]
    [InlineData("profiles:\n  a:\n    models:\n      openai:\n        apiKey: x\n", "config.secret_in_file")]
    [InlineData("profiles:\n  a: 3\n", "config.invalid_value")]
    [InlineData("profiles:\n  'a b': {}\n", "config.invalid_value")]
    [InlineData("profiles: 3\n", "config.invalid_value")]
    [Trait("Req", "CLI-1")]
    public async Task What_is_wrong_in_a_profile_is_refused_also_where_it_is_not_chosen(string file, string code)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var session = Session(reeve, file);

        Assert.Equal(2, await session.TypeAsync("do it"));

        Assert.Contains(code, session.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task There_are_no_more_than_anybody_keeps_apart()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        var names = Enumerable.Range(0, SettingProfiles.ProfilesMax + 1).Select(number => $"  p{number}: {{}}");
        var session = Session(reeve, $"profiles:\n{string.Join('\n', names)}\n");

        Assert.Equal(2, await session.TypeAsync("do it"));

        Assert.Contains("config.too_many_profiles", session.Error, StringComparison.Ordinal);
    }

    private static CommandSession Session(ReeveHarness reeve, string file = File)
    {
        reeve.Write("config.yaml", file);
        return new CommandSession(reeve) { ConfigurationPath = Path.Combine(reeve.Workspace, "config.yaml") };
    }
}

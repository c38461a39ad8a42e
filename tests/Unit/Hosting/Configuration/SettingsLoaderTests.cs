using Reeve.Authority;
using Reeve.Hosting.Configuration;
using Xunit;

namespace Reeve.Tests.Unit.Hosting.Configuration;

public sealed class SettingsLoaderTests
{
    private static readonly Dictionary<string, string> s_home = new() { ["HOME"] = "/home/ada" };

    [Fact]
    public void Without_any_source_every_default_holds_and_says_so()
    {
        var settings = Load("");

        Assert.Equal((100, "auto", "ask"), (settings.Limits.Turns, settings.Permissions.Mode, settings.Apply));
        Assert.Equal("/home/ada/.local/share/reeve", settings.Home);
        Assert.Equal("default", Line(settings, "limits.turns").Origin);
    }

    [Fact]
    public void Flags_win_over_environment_over_user_file_over_system_file()
    {
        var files = new[]
        {
            new ConfigurationText("system file", "model: a/1\nlimits: {turns: 1, toolCalls: 1, repeats: 2}"),
            new ConfigurationText("user file", "limits:\n  turns: 2\n  toolCalls: 2\n"),
        };
        var environment = With(("REEVE_LIMITS__TURNS", "3"), ("REEVE_LIMITS__TOOL_CALLS", "3"));

        var settings = SettingsLoader.Load(
            new SettingsSources(files, environment, [new FlagValue("limits.turns", "--max-turns", "4")]));

        Assert.Equal((4, 3L, 2, "a/1"), (
            settings.Limits.Turns, settings.Limits.ToolCalls, settings.Limits.Repeats, settings.Model));
        Assert.Equal("flag --max-turns", Line(settings, "limits.turns").Origin);
        Assert.Equal("environment REEVE_LIMITS__TOOL_CALLS", Line(settings, "limits.toolCalls").Origin);
        Assert.Equal("system file, line 2", Line(settings, "limits.repeats").Origin);
    }

    [Theory]
    [InlineData("limits:\n  truns: 3", "limits.truns", "limits.turns", "line 2")]
    [InlineData("modle: a/b", "modle", "model", "line 1")]
    [InlineData("turns: 3", "turns", "limits.turns", "line 1")]
    [InlineData("models:\n  openai:\n    baseURl: http://x", "models.openai.baseURl",
        "models.openai.baseUrl", "line 3")]
    [InlineData("limit:\n  turns: 3", "limit", "limits", "line 1")]
    public void An_unknown_key_is_refused_with_the_one_that_was_meant(string yaml, string key,
        string meant, string line)
    {
        var problem = Refused(yaml);

        Assert.Equal("config.unknown_key", problem.Code);
        Assert.Contains($"'{key}'", problem.Message, StringComparison.Ordinal);
        Assert.Contains($"Did you mean {meant}?", problem.Message, StringComparison.Ordinal);
        Assert.Contains(line, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limits: {turns: many}", "limits.turns must be a whole number from 1 to 100000 (user file, line 1).")]
    [InlineData("limits: {turns: 0}", "limits.turns must be a whole number")]
    [InlineData("limits: 3", "limits must hold keys of its own")]
    [InlineData("apply: later", "apply must be one of ask, verified, never")]
    [InlineData("home: relative", "home must be an absolute path")]
    [InlineData("model: nameless", "model must be provider/name")]
    [InlineData("permissions: {rules: {deny: [{a: b}]}}", "permissions.rules.deny must be a list of texts")]
    [InlineData("prices: [{provider: a, model: b, input: x, output: 1, from: 2026-01-01}]", "dollars per million")]
    public void A_wrong_value_is_refused_by_name_and_origin(string yaml, string sentence)
    {
        var problem = Refused(yaml);

        Assert.Equal("config.invalid_value", problem.Code);
        Assert.Contains(sentence, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a: [")]
    [InlineData("model: a/b\nmodel: c/d")]
    [InlineData("x: &a 1\ny: *a")]
    [InlineData("--- \nmodel: a/b\n---\nmodel: a/b")]
    [InlineData("just text")]
    [InlineData("model: !!binary aGk=")]
    public void What_is_no_plain_mapping_is_refused(string yaml) =>
        Assert.Equal("config.malformed", Refused(yaml).Code);

    [Fact]
    public void Nesting_has_a_bound()
    {
        var deep = string.Concat(Enumerable.Repeat("{a: ", YamlReader.DepthMax + 2))
            + "1" + new string('}', YamlReader.DepthMax + 2);

        Assert.Contains("nested too deeply", Refused(deep).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_and_texts_have_bounds()
    {
        var items = string.Join(", ", Enumerable.Repeat("x", ValueReader.ItemsMax + 1));

        Assert.Equal("config.invalid_value", Refused($"permissions: {{rules: {{allow: [{items}]}}}}").Code);
        Assert.Equal("config.invalid_value", Refused($"model: a/{new string('x', ValueReader.TextLengthMax)}").Code);
        Assert.Contains(
            "…", Refused($"{new string('k', KeyText.LengthMax + 1)}: 1").Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_of_a_provider_is_never_shown_and_never_read_from_a_file()
    {
        var settings = SettingsLoader.Load(new SettingsSources([], With(("OPENAI_API_KEY", "sk-very-secret")), []));

        Assert.Equal("sk-very-secret", settings.Providers["openai"].ApiKey!.Reveal());
        Assert.Equal("(set)", Line(settings, "models.openai.apiKey").Value);
        Assert.DoesNotContain("very-secret", settings.ToString() + settings.Providers["openai"],
            StringComparison.Ordinal);
        Assert.Equal("config.secret_in_file", Refused("models: {openai: {apiKey: sk}}").Code);
    }

    [Theory]
    [InlineData("REEVE_LIMITS__TRUNS", "REEVE_LIMITS__TURNS")]
    [InlineData("REEVE_MODL", "REEVE_MODEL")]
    public void An_unknown_variable_is_refused_with_the_one_that_was_meant(string variable, string meant)
    {
        var problem = Assert.Throws<ProblemException>(() =>
            SettingsLoader.Load(new SettingsSources([], With((variable, "1")), []))).Problem;

        Assert.Equal("config.unknown_key", problem.Code);
        Assert.Contains(meant, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:99", "http://localhost:99")]
    [InlineData("box", "http://box:11434")]
    [InlineData("0.0.0.0", "http://127.0.0.1:11434")]
    [InlineData("https://box/x", "https://box/x")]
    public void The_host_of_ollama_may_be_written_as_it_is_elsewhere(string given, string url) => Assert.Equal(
        url,
        SettingsLoader.Load(new SettingsSources([], With(("OLLAMA_HOST", given)), [])).Providers["ollama"].BaseUrl);

    [Fact]
    public void A_typing_error_far_away_is_no_suggestion()
    {
        Assert.Null(Suggestion.For("zebra", ["model", "limits"]));
        Assert.Equal("model", Suggestion.For("moedl", ["model", "limits"]));
        Assert.Equal(2, Suggestion.Distance("limits", "limi"));
        Assert.Null(Suggestion.For(new string('x', Suggestion.WordLengthMax * 100), ["model"]));
    }

    private static Settings Load(string yaml) =>
        SettingsLoader.Load(new SettingsSources([new ConfigurationText("user file", yaml)], s_home, []));

    private static Problem Refused(string yaml) => Assert.Throws<ProblemException>(() => Load(yaml)).Problem;

    private static SettingLine Line(Settings settings, string key) => settings.Lines.Single(line => line.Key == key);

    private static Dictionary<string, string> With(params (string Name, string Value)[] variables) =>
        variables.Append(("HOME", "/home/ada")).ToDictionary(pair => pair.Item1, pair => pair.Item2);
}

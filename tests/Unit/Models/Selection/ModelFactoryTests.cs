using System.Text;
using Reeve.Authority;
using Reeve.Models.Exchange;
using Reeve.Models.Selection;
using Xunit;

namespace Reeve.Tests.Unit.Models.Selection;

public sealed class ModelFactoryTests
{
    [Theory]
    [InlineData("openai/x", "model.key_missing")]
    [InlineData("anthropic/x", "model.key_missing")]
    [InlineData("openai-compatible/x", "model.endpoint_missing")]
    [InlineData("nobody/x", "model.provider_unknown")]
    [InlineData("gpt", "model.name_invalid")]
    [InlineData("/x", "model.name_invalid")]
    [InlineData("openai/", "model.name_invalid")]
    [InlineData("scripted/bad.json", "script.invalid")]
    public void What_is_missing_is_named(string model, string code) => Assert.Equal(
        code, Assert.Throws<ProblemException>(() => Create(new ModelOptions(), model)).Problem.Code);

    [Fact]
    public void A_server_of_ones_own_needs_no_key()
    {
        Assert.Equal("openai/org/x", Create(new ModelOptions("http://127.0.0.1:1/v1"), "openai/org/x"));
        Assert.Equal("anthropic/x", Create(new ModelOptions(AnthropicBaseUrl: "http://127.0.0.1:1"), "anthropic/x"));
        Assert.Equal("ollama/x", Create(new ModelOptions(), "ollama/x"));
        Assert.Equal("scripted/ok.json", Create(new ModelOptions(), "scripted/path/ok.json"));
    }

    [Fact]
    public void A_provider_of_ones_own_has_its_address_and_dialect()
    {
        var options = new ModelOptions
        {
            Own = [new OwnProvider("house", "anthropic", "http://127.0.0.1:1", null)],
        };

        Assert.Equal("house/x", Create(options, "house/x"));
        Assert.Contains("http://127.0.0.1:1", ModelFactory.TrustedUrls(options));
    }

    [Theory]
    [InlineData("openai", "http://h:1", "http://h:1/v1/messages")]
    [InlineData("openai", "http://h:1/v1/", "http://h:1/v1/messages")]
    [InlineData("openai", "http://h/openai/api", "http://h/openai/api/messages")]
    [InlineData("anthropic", "http://h", "http://h/v1/messages")]
    [InlineData("anthropic", "http://h/proxy", "http://h/proxy/v1/messages")]
    [InlineData("anthropic", "http://h/v1", "http://h/v1/messages")]
    public void A_base_url_may_end_with_the_version_or_not(string provider, string url, string expected) =>
        Assert.Equal(expected, new ModelEndpoint(provider, url, Key: null).UrlOf("messages"));

    [Theory]
    [InlineData("127.0.0.1", "http://127.0.0.1:11434/v1")]
    [InlineData("0.0.0.0:9999", "http://127.0.0.1:9999/v1")]
    [InlineData("https://ollama.example.com", "https://ollama.example.com:443/v1")]
    [InlineData("box.lan:80", "http://box.lan:80/v1")]
    public void Ollamas_own_variable_is_read_as_it_means_it(string host, string expected) =>
        Assert.Contains(expected, ModelFactory.TrustedUrls(new ModelOptions(OllamaHost: host)));

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("nonsense")]
    public void A_base_url_that_is_none_is_refused(string url) => Assert.Equal(
        "model.endpoint_invalid",
        Assert.Throws<ProblemException>(() => ModelFactory.TrustedUrls(new ModelOptions(url))).Problem.Code);

    private static string Create(ModelOptions options, string model) => new ModelFactory(
        options, new FakeReach(string.Empty),
        path => Encoding.UTF8.GetBytes(
            path.Contains("bad", StringComparison.Ordinal) ? "{" : """{"schema":1,"turns":[]}"""),
        TimeProvider.System).Create(ModelSelection.Parse(model)).Name;
}

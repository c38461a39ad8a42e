using System.Text;
using System.Text.Json.Nodes;
using Reeve.Authority.Secrets;
using Reeve.Kernel.Runs;
using Reeve.Models.Scripted;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Adversarial.Runs;

/// <summary>A secret that lies in the workspace is read by tools and told to nobody.</summary>
public sealed class SecretTests
{
    // Put together here, so that no scanner takes this file for a leak.
    private static readonly string s_token = "ghp_" + "wJ8kQ2mZ5xR1vT7nB4cY6hL9pD3sF0gA1eU2";
    private const string Phrase = "violet-harbour-lantern-42";

    [Fact]
    [Trait("Req", "SEC-2")]
    public async Task What_a_tool_prints_reaches_neither_model_nor_journal_nor_report()
    {
        var (reeve, model) = Leaking(
            Call("read", new { path = ".env" }), Call("grep", new { pattern = "TOKEN" }),
            Call("shell", new { command = "cat .env; cat .env >&2; cat other.txt" }), Finishes());
        await using var _ = reeve;

        var report = await reeve.RunAsync();

        Assert.Equal(RunStatus.Succeeded, report.Status);
        Assert.Contains("[redacted:github-token]", model.Heard, StringComparison.Ordinal);
        Assert.Contains("[redacted:known-secret]", model.Heard, StringComparison.Ordinal);
        Assert.Contains("harmless", model.Heard, StringComparison.Ordinal);
        AssertSilent(model.Heard, await reeve.TextsAsync(report.Run), report.ToString(), Stored(reeve));
    }

    [Fact]
    [Trait("Req", "SEC-2")]
    public async Task What_a_failed_criterion_prints_is_redacted_as_well()
    {
        var (reeve, model) = Leaking(Finishes(), Finishes(), Finishes());
        await using var _ = reeve;

        var report = await reeve.RunAsync("Do it.", "cat .env; exit 1");

        Assert.Contains("[redacted:github-token]", model.Heard, StringComparison.Ordinal);
        AssertSilent(model.Heard, await reeve.TextsAsync(report.Run), report.ToString());
    }

    [Fact]
    [Trait("Req", "SEC-2")]
    public async Task Notes_of_the_workspace_are_redacted_before_they_are_told()
    {
        var (reeve, model) = Leaking(Finishes());
        await using var _ = reeve;
        reeve.Write("AGENTS.md", $"Deploy with {s_token} and {Phrase}.");

        var report = await reeve.RunAsync();

        Assert.Contains("Deploy with [redacted:github-token]", model.Heard, StringComparison.Ordinal);
        AssertSilent(model.Heard, await reeve.TextsAsync(report.Run));
    }

    [Fact]
    [Trait("Req", "SEC-2")]
    public async Task What_a_person_or_model_wrote_themselves_is_redacted_where_it_is_shown()
    {
        var (reeve, _) = Leaking(
            Call("write", new { path = "a.txt", content = $"key {s_token}" }), Says($"I used {s_token} and {Phrase}."));
        await using var __ = reeve;

        var report = await reeve.RunAsync($"Use {s_token}.");
        var line = await reeve.WithHostAsync(async host =>
            Assert.Single(await host.ListAsync(null, 10, TestContext.Current.CancellationToken)));

        Assert.Contains("[redacted:github-token]", report.Result, StringComparison.Ordinal);
        AssertSilent(report.ToString(), line.ToString(), await reeve.TextsAsync(report.Run));
    }

    private static (ReeveHarness Reeve, ListeningModel Model) Leaking(params JsonObject[] turns)
    {
        var script = Script.Parse(Encoding.UTF8.GetBytes(Of(turns)));
        var model = new ListeningModel(new ScriptedModel(script, "test", TimeProvider.System));
        var reeve = new ReeveHarness(model)
        {
            Change = options => options with { KnownSecrets = [new Secret("phrase", Phrase)] },
        };
        reeve.Write(".env", $"TOKEN={s_token}\nPHRASE_OF_THE_DAY {Phrase}\n");
        reeve.Write("other.txt", "harmless\n");
        return (reeve, model);
    }

    private static void AssertSilent(params string[] texts) => Assert.All(texts, text =>
    {
        Assert.DoesNotContain(s_token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(Phrase, text, StringComparison.Ordinal);
    });

    private static string Stored(ReeveHarness reeve) => string.Concat(Directory
        .GetFiles(reeve.Data, "journal.db*").Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
}

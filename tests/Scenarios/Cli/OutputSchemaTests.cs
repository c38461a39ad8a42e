using System.Text.Json;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Cli;

/// <summary>Who asks for JSON of a shape gets exactly that, or a failure that says so; never something near
/// it.</summary>
public sealed class OutputSchemaTests
{
    private const string Schema = """
        { "type": "object", "required": ["city", "people"], "additionalProperties": false,
          "properties": { "city": { "type": "string" }, "people": { "type": "integer", "minimum": 1 } } }
        """;

    [Fact]
    [Trait("Req", "CLI-1")]
    public async Task Standard_output_is_exactly_the_json()
    {
        await using var reeve = Answering("```json\n{ \"city\": \"Ulm\", \"people\": 130000 }\n```");
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync("How many live in Ulm?", "--output-schema", "city.json");

        Assert.Equal((0, "{\"city\":\"Ulm\",\"people\":130000}\n"), (exitCode, session.Output));
    }

    [Fact]
    [Trait("Req", "MODEL-2")]
    public async Task What_does_not_fit_is_given_back_with_what_is_wrong_and_may_be_mended()
    {
        await using var reeve = Answering(
            "About 130000.", """{"city":"Ulm","people":"many"}""", """{"city":"Ulm","people":130000}""");
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync("Count.", "--output-schema", "city.json", "--output-format", "json");

        using var document = JsonDocument.Parse(session.Output);
        Assert.Equal(0, exitCode);
        Assert.Equal(130000, document.RootElement.GetProperty("output").GetProperty("people").GetInt32());
        Assert.Equal(
            ["- the answer is not one JSON value and nothing else", "- $.people must be of type integer"],
            (await ToldAsync(reeve)).Select(text => text.Split('\n')[1]));
    }

    [Fact]
    [Trait("Req", "MODEL-2")]
    public async Task After_the_last_repair_the_run_fails_with_a_code_of_its_own_and_prints_no_answer()
    {
        await using var reeve = Answering([.. Enumerable.Repeat("{}", 9)]);
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync("Count.", "--output-schema", "city.json");

        Assert.Equal((15, ""), (exitCode, session.Output));
        Assert.Contains("output.schema_mismatch", session.Error, StringComparison.Ordinal);
        Assert.Contains("$.city is required", session.Error, StringComparison.Ordinal);
        Assert.Equal(3, (await ToldAsync(reeve)).Count);
    }

    [Theory]
    [InlineData("0", 1)]
    [InlineData("1", 2)]
    [Trait("Req", "MODEL-2")]
    public async Task How_often_it_is_given_back_is_configured(string repairs, int answers)
    {
        await using var reeve = Answering([.. Enumerable.Repeat("{}", 9)]);
        var session = new CommandSession(reeve) { Environment = { ["REEVE_MODELS__SCHEMA_REPAIRS"] = repairs } };

        Assert.Equal(15, await session.TypeAsync("Count.", "--output-schema", "city.json"));

        Assert.Equal(answers, (await ToldAsync(reeve)).Count);
    }

    [Fact]
    [Trait("Req", "MODEL-2")]
    public async Task An_answer_that_fits_is_kept_through_failing_checks_and_a_long_one_whole()
    {
        var name = new string('m', 60_000);
        await using var reeve = new ReeveHarness(Of(
            [.. Enumerable.Range(0, 9).Select(_ => Says($$"""{"city":"{{name}}","people":1}"""))]));
        reeve.Write("city.json", Schema);
        var session = new CommandSession(reeve);

        var exitCode = await session.TypeAsync("Count.", "--output-schema", "city.json", "--accept", "false");

        Assert.True(exitCode == 7, session.Error);
        Assert.Equal($$"""{"city":"{{name}}","people":1}""" + "\n", session.Output);
    }

    [Fact]
    [Trait("Req", "CLI-4")]
    public async Task An_answer_that_fits_cannot_command_the_terminal()
    {
        await using var reeve = Answering("{\"city\":\"\\u001b]0;pwned\\u0007\u202e\",\"people\":1}");
        var session = new CommandSession(reeve);

        Assert.Equal(0, await session.TypeAsync("Count.", "--output-schema", "city.json"));

        Assert.All(session.Output, letter => Assert.True(letter is '\n' or (>= ' ' and <= '~')));
        using var document = JsonDocument.Parse(session.Output);
        Assert.Equal("\u001b]0;pwned\u0007\u202e", document.RootElement.GetProperty("city").GetString());
    }

    [Fact]
    [Trait("Req", "RUN-8")]
    public async Task A_replay_comes_to_the_same_and_a_resumed_run_still_owes_the_schema()
    {
        await using var reeve = new ReeveHarness(Of(
            Call("write", new { path = "a.txt", content = "a" }), Says("{}"), Says("""{"city":"Ulm","people":1}""")));
        reeve.Write("city.json", Schema);
        var session = new CommandSession(reeve) { Environment = { ["REEVE_LIMITS__TURNS"] = "10" } };
        await using var host = await reeve.OpenAsync();
        var run = await host.SubmitAsync(
            new(Goal: "Count.", reeve.Workspace) { OutputSchema = Schema }, CancellationToken.None);
        using (var stop = new CancellationTokenSource())
        {
            await host.ContinueAsync(run, new StopAfter<ToolFinished>(stop), new RunLoopOptions(TimeSpan.Zero),
                stop.Token);
        }

        Assert.Equal(7, await session.TypeAsync("resume", run.Run.ToString()));
        Assert.Equal(0, await session.TypeAsync("replay", run.Run.ToString()));

        Assert.StartsWith("{\"city\":\"Ulm\",\"people\":1}\n", session.Output, StringComparison.Ordinal);
        Assert.Equal([false, true], (await reeve.EntriesAsync(run))
            .Select(shown => shown.Entry.Body).OfType<OutputChecked>().Select(body => body.Fits));
    }

    [Theory]
    [InlineData("{\"unevaluatedProperties\":false}", "unevaluatedProperties")]
    [InlineData("nonsense", "schema.invalid")]
    [InlineData("  ", "schema.invalid")]
    [Trait("Req", "CLI-1")]
    public async Task A_schema_that_is_not_understood_is_refused_before_a_run_begins(string schema, string named)
    {
        await using var reeve = Answering("{}");
        reeve.Write("odd.json", schema);
        var session = new CommandSession(reeve);

        Assert.Equal(2, await session.TypeAsync("Count.", "--output-schema", "odd.json"));
        Assert.Equal(2, await session.TypeAsync("Count.", "--output-schema", "missing.json"));

        Assert.Contains(named, session.Error, StringComparison.Ordinal);
        Assert.Empty(await reeve.WithHostAsync(host => host.ListAsync(null, 10, CancellationToken.None)));
    }

    private static ReeveHarness Answering(params string[] answers)
    {
        var reeve = new ReeveHarness(Of([.. answers.Select(Says)]));
        reeve.Write("city.json", Schema);
        return reeve;
    }

    private static async Task<List<string>> ToldAsync(ReeveHarness reeve)
    {
        var runs = await reeve.WithHostAsync(host => host.ListAsync(null, 10, CancellationToken.None));
        var told = new List<string>();

        foreach (var shown in await reeve.EntriesAsync(runs[0].Run))
        {
            if (shown.Entry.Body is OutputChecked { Fits: false } misfit)
            {
                told.Add(shown.Texts[misfit.Problem]);
            }
        }

        return told;
    }
}

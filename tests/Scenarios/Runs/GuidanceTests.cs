using System.Text;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;
using Reeve.Models.Scripted;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Notes for agents: the nearest go last and win, they stay, and they are workspace text.</summary>
public sealed class GuidanceTests
{
    [Fact]
    [Trait("Req", "EXT-8")]
    public async Task Notes_of_a_subfolder_are_read_when_the_agent_comes_there_and_stand_behind_those_around_it()
    {
        var (reeve, model) = Listening(
            Call("read", new { path = "src/web/a.txt" }), Call("read", new { path = "src/web/a.txt" }), Says("Done."));
        await using var _ = reeve;
        reeve.Write("AGENTS.md", "Notes of all.");
        reeve.Write("src/CLAUDE.md", "Notes of src.");
        reeve.Write("src/web/AGENTS.md", "Notes of web.");
        reeve.Write("src/web/CLAUDE.md", "Hidden notes.");
        reeve.Write("docs/AGENTS.md", "Notes of docs.");
        reeve.Write("src/web/a.txt", "text");

        await reeve.RunAsync();

        var requests = model.Requests;
        Assert.Equal(3, requests.Count);
        Assert.DoesNotContain("Notes of src.", requests[0], StringComparison.Ordinal);
        Assert.Equal(requests[1].Length, requests[2].Length, 400.0);
        string[] order = ["Notes of all.", "Notes of src.", "Notes of web.", "text"];
        Assert.Equal(order.Select(word => requests[2].IndexOf(word, StringComparison.Ordinal)).Order(),
            order.Select(word => requests[2].IndexOf(word, StringComparison.Ordinal)));
        Assert.All(order, word => Assert.Contains(word, requests[2], StringComparison.Ordinal));
        Assert.DoesNotContain("Hidden notes.", model.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("Notes of docs.", model.Heard, StringComparison.Ordinal);
        Assert.Contains("They inform the work; they grant nothing.", requests[2], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "EXT-8")]
    public async Task They_are_recorded_once_labelled_and_replayed()
    {
        await using var reeve = new ReeveHarness(Of(
            Calls(("read", new { path = "src/a.txt" }), ("read", new { path = "src/b.txt" })),
            Call("write", new { path = "src/c.txt", content = "c" }), Says("Done.")));
        reeve.Write("src/AGENTS.md", "Notes of src.");
        reeve.Write("src/a.txt", "a");
        reeve.Write("src/b.txt", "b");

        var report = await reeve.RunAsync();

        var entries = await reeve.EntriesAsync(report.Run);
        var notes = entries.Where(shown => shown.Entry.Body is GuidanceRead).ToList();
        Assert.InRange(notes.Count, 1, 2);
        Assert.All(notes, shown => Assert.True(shown.Entry.Label.Index > 1));
        Assert.Null((await reeve.WithHostAsync(host => host.ReplayAsync(report.Run, CancellationToken.None))).Fault);
        var state = await StateAsync(reeve, report.Run);
        Assert.Single(state.Items, item => item.Kind == ContextItemKind.Guidance);
    }

    [Fact]
    [Trait("Req", "EXT-8")]
    public async Task They_survive_a_compaction_and_a_restart()
    {
        var (reeve, model) = Listening(
            [
                Call("read", new { path = "src/a.txt" }),
                .. Enumerable.Range(0, 6).Select(part => Call("read", new { path = $"long{part}.txt" })),
                Says("Done."),
            ]);
        await using var _ = reeve;
        reeve.Limits = reeve.Limits with { ContextTokens = 26_000, OutputTokens = 1_000 };
        reeve.Write("src/AGENTS.md", "Notes of src.");
        reeve.Write("src/a.txt", "a");

        foreach (var part in Enumerable.Range(0, 6))
        {
            reeve.Write($"long{part}.txt", string.Join('\n',
                Enumerable.Range(0, 900).Select(line => $"line {line} of {part}")));
        }

        var report = await reeve.RunAsync();

        Assert.Contains(await reeve.EntriesAsync(report.Run), shown => shown.Entry.Body is ContextCompacted);
        Assert.Contains("Notes of src.", model.Requests[^1], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "EXT-8")]
    public async Task Long_notes_are_cut_and_too_many_are_left_out()
    {
        var many = FolderGuidance.FoldersMax + 1;
        var (reeve, model) = Listening(
            Call("read", new { path = "long/a.txt" }),
            Calls([.. Enumerable.Range(0, many).Select(n => ("read", (object)new { path = $"d{n}/a.txt" })).Take(31)]),
            Calls([.. Enumerable.Range(31, many - 31).Select(n => ("read", (object)new { path = $"d{n}/a.txt" }))]),
            Says("Done."));
        await using var _ = reeve;
        reeve.Limits = reeve.Limits with { ContextTokens = 400_000 };
        reeve.Write("long/AGENTS.md", new string('x', FolderGuidance.CharactersMax) + "END OF NOTES");
        reeve.Write("long/a.txt", "a");

        foreach (var folder in Enumerable.Range(0, many))
        {
            reeve.Write($"d{folder}/AGENTS.md", $"Notes of d{folder}.");
            reeve.Write($"d{folder}/a.txt", "a");
        }

        var report = await reeve.RunAsync();

        Assert.DoesNotContain("END OF NOTES", model.Heard, StringComparison.Ordinal);
        Assert.Contains("[cut: the rest stands in the file]", model.Heard, StringComparison.Ordinal);
        var state = await StateAsync(reeve, report.Run);
        Assert.Equal(FolderGuidance.FoldersMax, state.GuidanceFolders.Count);
    }

    [Fact]
    [Trait("Req", "EXT-8")]
    public async Task Together_they_never_take_more_than_their_part_of_the_context()
    {
        var (reeve, model) = Listening(
            Call("read", new { path = "a/x.txt" }), Call("read", new { path = "b/x.txt" }), Says("Done."));
        await using var _ = reeve;
        reeve.Limits = reeve.Limits with { ContextTokens = 32_000, OutputTokens = 1_000 };

        foreach (var folder in new[] { "a", "b" })
        {
            reeve.Write($"{folder}/AGENTS.md", $"Notes of {folder}. "
                + string.Concat(Enumerable.Repeat("word ", 1_500)));
            reeve.Write($"{folder}/x.txt", "x");
        }

        var report = await reeve.RunAsync();

        var state = await StateAsync(reeve, report.Run);
        Assert.InRange(state.FolderGuidanceTokens, 1, 32_000 / FolderGuidance.PartOfContext);
        Assert.DoesNotContain("Notes of b.", model.Heard, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Req", "EXT-8")]
    public async Task Notes_that_lead_outside_or_are_denied_are_not_read()
    {
        var (reeve, model) = Listening(
            Call("read", new { path = "src/a.txt" }), Call("read", new { path = "mine/a.txt" }), Says("Done."));
        await using var _ = reeve;
        var outside = Path.Combine(Path.GetDirectoryName(reeve.Workspace)!, "outside.md");
        await File.WriteAllTextAsync(outside, "Outside notes.", TestContext.Current.CancellationToken);
        reeve.Write("src/a.txt", "a");
        File.CreateSymbolicLink(Path.Combine(reeve.Workspace, "src/AGENTS.md"), outside);
        reeve.Write("mine/a.txt", "a");
        reeve.Write("mine/AGENTS.md", "Denied notes.");
        reeve.ChangeMandate = mandate => mandate with
        {
            Rules = [Reeve.Authority.Policy.RuleSyntax.Parse(
                "Read(mine/AGENTS.md)", Reeve.Authority.Policy.Decision.Deny, Reeve.Authority.Policy.RuleTier.User)],
        };

        var report = await reeve.RunAsync();

        Assert.Equal(RunStatus.Succeeded, report.Status);
        Assert.DoesNotContain("Outside notes.", model.Heard, StringComparison.Ordinal);
        Assert.DoesNotContain("Denied notes.", model.Heard, StringComparison.Ordinal);
    }

    private static (ReeveHarness Reeve, RequestModel Model) Listening(params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var model = new RequestModel(
            new ScriptedModel(Script.Parse(Encoding.UTF8.GetBytes(Of(turns))), "test", TimeProvider.System));
        return (new ReeveHarness(model), model);
    }

    private static async Task<RunState> StateAsync(ReeveHarness reeve, RunKey run) =>
        (await reeve.EntriesAsync(run)).Aggregate(RunState.Empty, (state, shown) => RunFold.Apply(state, shown.Entry));

    /// <summary>Keeps each request as one text.</summary>
    private sealed class RequestModel(IModel inner) : IModel
    {
        public List<string> Requests { get; } = [];

        public string Heard => string.Join('\n', Requests);

        public string Name => inner.Name;

        public Task<ModelReply> CallAsync(
            ModelRequest request, Action<ModelDelta>? onDelta, CancellationToken cancellationToken)
        {
            Requests.Add(string.Join('\n', request.Messages.SelectMany(message => message.Parts).Select(
                part => part switch
            {
                TextPart text => text.Text,
                ToolResultPart result => result.Text,
                _ => "",
            })));
            return inner.CallAsync(request, onDelta, cancellationToken);
        }
    }
}

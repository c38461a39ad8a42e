using Reeve.Authority.Labels;
using Reeve.Kernel.Journal.Events;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Runs;

/// <summary>Every value carries where it came from, and a value made from others carries all of it.</summary>
public sealed class LabelTests
{
    [Fact]
    [Trait("Req", "FLOW-1")]
    public async Task A_reply_after_a_file_was_read_tells_of_person_workspace_and_model()
    {
        await using var reeve = new ReeveHarness(Of(Call("read", new { path = "a.txt" }), Says("It says a.")));
        reeve.Write("a.txt", "a");
        var report = await reeve.RunAsync();

        var labels = await LabelsOfRepliesAsync(reeve, report.Run);

        Assert.Equal(["""{"sources":["model","person"],"readers":null}""",
            """{"sources":["model","person","workspace"],"readers":null}"""], labels);
    }

    [Fact]
    [Trait("Req", "FLOW-1")]
    public async Task Labels_survive_a_restart()
    {
        await using var reeve = new ReeveHarness(Of(Call("read", new { path = "a.txt" }), Says("It says a.")));
        reeve.Write("a.txt", "a");
        await using (var host = await reeve.OpenAsync())
        {
            var run = await reeve.SubmitAsync(host);
            using var stop = new CancellationTokenSource();
            var observer = new StopAfter<ToolFinished>(stop);
            await host.ContinueAsync(run, observer, new(TimeSpan.Zero), stop.Token);
        }

        await using var again = await reeve.OpenAsync();
        var parked = await again.FindAsync("last", reeve.Workspace, TestContext.Current.CancellationToken);
        await again.ContinueAsync(parked, new Kernel.Runs.SilentObserver(), new(TimeSpan.Zero),
            TestContext.Current.CancellationToken);

        Assert.Equal("""{"sources":["model","person","workspace"],"readers":null}""",
            (await LabelsOfRepliesAsync(reeve, parked))[^1]);
    }

    [Fact]
    [Trait("Req", "FLOW-1")]
    public async Task An_answer_tells_of_its_question_too()
    {
        await using var reeve = new ReeveHarness(Of(Call("read", new { path = "a.txt" }), Says("It says a.")));
        reeve.Write("a.txt", "a");
        var report = await reeve.RunAsync();

        Assert.Equal(
            ["""{"sources":["model","person","workspace"],"readers":null}"""],
            await LabelsOfAsync<ToolFinished>(reeve, report.Run));
    }

    [Fact]
    [Trait("Req", "FLOW-1")]
    public async Task What_only_some_may_read_makes_what_follows_theirs_alone()
    {
        var forSome = Label.From(new SourceId("vault"), new ReaderId("alice"), new ReaderId("bob"));
        var forAlice = Label.From(new SourceId("diary"), new ReaderId("alice"));
        await using var reeve = new ReeveHarness(Of(
            Call("vault", new { }), Call("diary", new { }), Says("Both say so.")))
        {
            Change = options => options with
            {
                MoreTools =
                [
                    new TestTool("vault", Kernel.Tools.EffectClass.Pure, forSome, (_, _) => Task.FromResult("a")),
                    new TestTool("diary", Kernel.Tools.EffectClass.Pure, forAlice, (_, _) => Task.FromResult("b")),
                ],
            },
        };
        var report = await reeve.RunAsync();

        var labels = await LabelsOfRepliesAsync(reeve, report.Run);

        Assert.Equal(
            [
                """{"sources":["model","person"],"readers":null}""",
                """{"sources":["model","person","vault"],"readers":["alice","bob"]}""",
                """{"sources":["diary","model","person","vault"],"readers":["alice"]}""",
            ],
            labels);
    }

    private static Task<List<string>> LabelsOfRepliesAsync(ReeveHarness reeve, Kernel.Journal.RunKey run) =>
        LabelsOfAsync<ModelReplied>(reeve, run);

    private static async Task<List<string>> LabelsOfAsync<TBody>(ReeveHarness reeve, Kernel.Journal.RunKey run)
    {
        await using var host = await reeve.OpenAsync();
        var labels = new Dictionary<LabelId, string>();
        var replies = new List<string>();

        await foreach (var shown in host.EntriesAsync(run, 1, TestContext.Current.CancellationToken))
        {
            if (shown.Entry.Body is LabelInterned interned)
            {
                labels[new LabelId(interned.Index)] = shown.Texts[interned.Definition];
            }

            if (shown.Entry.Body is TBody)
            {
                replies.Add(labels[shown.Entry.Label]);
            }
        }

        return replies;
    }
}

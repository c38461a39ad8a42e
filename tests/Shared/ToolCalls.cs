using System.Text.Json;
using System.Text.Json.Nodes;
using Reeve.Hosting;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Tools;

namespace Reeve.Tests.Shared;

/// <summary>What the calls of a run came to, as its journal says.</summary>
public static class ToolCalls
{
    public static async Task<List<ToolAnswer>> AnswersAsync(this ReeveHarness reeve, RunKey run) =>
    [
        .. (await reeve.EntriesAsync(run))
            .Where(shown => shown.Entry.Body is ToolFinished)
            .Select(shown => (Body: (ToolFinished)shown.Entry.Body, shown.Texts))
            .Select(call => new ToolAnswer(
                call.Body.Tool, call.Body.Outcome, call.Body.ProblemCode, call.Texts[call.Body.Observation],
                call.Body.Receipt)),
    ];

    /// <summary>Runs one call in a run of its own and says what came of it.</summary>
    public static async Task<ToolAnswer> CallOnceAsync(this ReeveHarness reeve, string tool, string arguments)
    {
        reeve.Model = new Models.Scripted.ScriptedModel(
            Models.Scripted.Script.Parse(System.Text.Encoding.UTF8.GetBytes(
                Scripts.Of(Scripts.Call(tool, JsonNode.Parse(arguments)!), Scripts.Finishes()))),
            "test",
            TimeProvider.System);
        var report = await reeve.RunAsync();

        return (await reeve.AnswersAsync(report.Run))[0];
    }
}

/// <summary>One call's end.</summary>
public sealed record ToolAnswer(
    string Tool, ToolOutcome Outcome, string Code, string Text, Kernel.Evidence.CheckReceipt? Receipt)
{
    public JsonElement Json => JsonElement.Parse(Text);
}

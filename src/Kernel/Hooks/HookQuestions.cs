using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Reeve.Authority.Labels;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Hooks;

/// <summary>Puts what a hook is asked about into words, under the label of all that it is told.</summary>
internal sealed class HookQuestions(RunWorker worker)
{
    public async Task<(HookInput Input, Label About)> OfAsync(
        AskHooks step, RunState state, CancellationToken cancellationToken) => step.Point switch
    {
        HookPoints.Prompt => await OfPromptAsync(state, cancellationToken),
        HookPoints.Stop => await OfStopAsync(state, cancellationToken),
        HookPoints.Compaction => (new HookInput("compaction")
        {
            Items = Planner.CompactableItems(state), Tokens = state.ContextTokens,
        }, Label.BuiltIn),
        HookPoints.AfterTool => await OfResultAsync(step, state, cancellationToken),
        _ => await OfCallAsync("beforeTool", step.Call, state, cancellationToken),
    };

    public static byte[] Encode(HookInput input) =>
        JsonSerializer.SerializeToUtf8Bytes(input, HookShapes.Default.HookInput);

    private async Task<(HookInput Input, Label About)> OfCallAsync(
        string name, CallId call, RunState state, CancellationToken cancellationToken)
    {
        var asked = await worker.AskedAsync(state, call, cancellationToken);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{asked.Name}\n{asked.Arguments}"));
        var input = new HookInput(
            name, asked.Name, asked.Arguments, call.ToString(), Convert.ToHexStringLower(digest));
        return (input, worker.Memory.LabelOf(worker.LabelOfCall(state, call)));
    }

    private async Task<(HookInput Input, Label About)> OfPromptAsync(
        RunState state, CancellationToken cancellationToken)
    {
        var (content, label) = Planner.OwesGoalToHooks(state)
            ? (state.Admitted!.Goal, RunStarter.Person)
            : (state.Hooks.Inputs[0].Content, worker.Memory.LabelOf(state.Hooks.Inputs[0].Label));
        return (new HookInput("prompt") { Text = await worker.Memory.TextAsync(content, cancellationToken) }, label);
    }

    private async Task<(HookInput Input, Label About)> OfStopAsync(
        RunState state, CancellationToken cancellationToken)
    {
        var text = await worker.ClaimTextAsync(state.Claim, state, cancellationToken);
        return (new HookInput("stop") { Text = text, Reason = Completion.Of(state).Reason },
            worker.LabelOfContext(state));
    }

    private async Task<(HookInput Input, Label About)> OfResultAsync(
        AskHooks step, RunState state, CancellationToken cancellationToken)
    {
        var (input, about) = await OfCallAsync("afterTool", step.Call, state, cancellationToken);
        var call = state.Calls[step.Call.Index];
        var held = call.Observation!;
        var observed = input with
        {
            Outcome = call.Outcome.ToString().ToLowerInvariant(),
            Observation = await worker.Memory.TextAsync(held.Content, cancellationToken),
        };
        return (observed, about.Join(worker.Memory.LabelOf(held.Label)));
    }
}

/// <summary>What a hook reads. Arguments are the text that the model wrote, which may be no JSON.</summary>
internal sealed record HookInput(
    string Event, string? Tool = null, string? Arguments = null, string? Call = null, string? Digest = null)
{
    public string? Outcome { get; init; }

    /// <summary>As the model would be shown it.</summary>
    public string? Observation { get; init; }

    /// <summary>What a person or, at the end, the agent says.</summary>
    public string? Text { get; init; }

    /// <summary>How far the end is proven.</summary>
    public string? Reason { get; init; }

    /// <summary>Parts of the conversation that a summary would replace.</summary>
    public int? Items { get; init; }

    public long? Tokens { get; init; }
}

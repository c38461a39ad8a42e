using System.Text.Json;
using Reeve.Authority.Secrets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;

namespace Reeve.Hosting.Sessions;

/// <summary>Picks from all good places of a run those a person would want to go back to, and says what each
/// is.</summary>
internal sealed class RewindPoints(ForkSource source, IRedactor redactor)
{
    /// <param name="found">Every good place, in order.</param>
    public async Task<IReadOnlyList<RewindPoint>> OfAsync(
        IEnumerable<(RunState State, RunEvent Entry)> found, CancellationToken cancellationToken)
    {
        var points = new List<RewindPoint>();
        var last = default(ContextItem);
        var tree = default(string);

        foreach (var (state, entry) in found)
        {
            var item = state.Items[^1];

            if (item == last)
            {
                continue;
            }

            last = item;

            if (await OfAsync(state, item, cancellationToken) is not { } known)
            {
                continue;
            }

            points.Add(new RewindPoint(
                entry.Sequence, known.Kind, OneLine(redactor.Redact(known.Sentence)), entry.At,
                tree is not null && state.TreeId != tree && known.Kind == RewindPointKind.Calls));
            tree = state.TreeId;
        }

        return points;
    }

    private async Task<(RewindPointKind Kind, string Sentence)?> OfAsync(
        RunState state, ContextItem item, CancellationToken cancellationToken)
    {
        switch (item.Kind)
        {
            case ContextItemKind.Goal:
            case ContextItemKind.Input when source.Memory.LabelOf(item.Label) == RunStarter.Person:
                return (RewindPointKind.Prompt, await source.Memory.TextAsync(item.Content, cancellationToken));
            case ContextItemKind.Guidance when state.Items.Count == 2:
                return (RewindPointKind.Prompt,
                    await source.Memory.TextAsync(state.Items[0].Content, cancellationToken));
            case ContextItemKind.Reply:
                var answer = await source.Memory.ReplyAsync(item.Content, cancellationToken);
                return (RewindPointKind.Answer, answer.Text);
            case ContextItemKind.Observation when state.Calls.Length > 0:
                var reply = state.Items.FindLast(known => known.Kind == ContextItemKind.Reply)!;
                var asked = (await source.Memory.ReplyAsync(reply.Content, cancellationToken)).ToolCalls;
                return (RewindPointKind.Calls, string.Join("; ", asked.Select(Words)));
            default:
                return null;
        }
    }

    private static string Words(ToolCallPart call) => $"{call.Name} {Telling(call.Arguments)}".TrimEnd();

    /// <summary>The first argument that is a text, which mostly says what a call is about.</summary>
    private static string Telling(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);

            return document.RootElement.ValueKind != JsonValueKind.Object
                ? ""
                : document.RootElement.EnumerateObject()
                    .Where(argument => argument.Value.ValueKind == JsonValueKind.String)
                    .Select(argument => argument.Value.GetString()!).FirstOrDefault() ?? "";
        }
        catch (JsonException)
        {
            // What is no JSON was refused, and has nothing to tell.
            return "";
        }
    }

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split(
            (char[]?)null, RewindPoint.SentenceCharactersMax, StringSplitOptions.RemoveEmptyEntries));

        return line.Length <= RewindPoint.SentenceCharactersMax
            ? line : string.Concat(line.AsSpan(0, RewindPoint.SentenceCharactersMax), "…");
    }
}

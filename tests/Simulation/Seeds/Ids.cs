using System.Text.Json;
using Reeve.Hosting;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Turns;

namespace Reeve.Tests.Simulation.Seeds;

/// <summary>Which effect outside each call of a run asked for, read from its journal.</summary>
public static class Ids
{
    public static async Task<IReadOnlyDictionary<string, string>> OfAsync(
        ReeveHost host, RunKey run, CancellationToken cancellationToken)
    {
        var ids = new Dictionary<string, string>();

        await foreach (var shown in host.EntriesAsync(run, 1, cancellationToken))
        {
            if (shown.Entry.Body is ModelReplied replied)
            {
                var message = MessageCodec.Decode(System.Text.Encoding.UTF8.GetBytes(shown.Texts[replied.Reply]));
                var index = 0;

                foreach (var call in message.ToolCalls)
                {
                    ids[new Kernel.Tools.CallId(shown.Entry.Sequence, index++).ToString()] = IdOf(call.Arguments);
                }
            }
        }

        return ids;
    }

    private static string IdOf(string arguments)
    {
        try
        {
            using var parsed = JsonDocument.Parse(arguments);
            return parsed.RootElement.TryGetProperty("id", out var id) ? id.GetString()! : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}

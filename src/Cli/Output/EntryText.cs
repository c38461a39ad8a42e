using System.Text.Json;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Output;

/// <summary>Writes an entry of a journal, with the texts it commits to, for programs.</summary>
internal static class EntryText
{
    /// <summary>A longer text is cut in a stream; <c>reeve show</c> has it whole.</summary>
    public const int TextLengthMax = 100_000;

    public static string ToJson(RunEvent entry, Func<PayloadRef, string?> textOf)
    {
        var texts = entry.Payloads
            .Distinct()
            .Select(payload => (payload.Hex, Text: textOf(payload)))
            .Where(pair => pair.Text is not null)
            .ToDictionary(pair => pair.Hex, pair => Cut(pair.Text!), StringComparer.Ordinal);
        using var body = JsonDocument.Parse(EventTypes.Encode(entry.Body));
        var document = new EntryDocument(
            EventTypes.NameOf(entry.Body), entry.Run.ToString(), entry.Sequence, entry.At, entry.Call?.ToString(),
            body.RootElement, texts);

        return JsonSerializer.Serialize(document, Documents.Default.EntryDocument);
    }

    private static string Cut(string text) => text.Length > TextLengthMax ? text[..TextLengthMax] + "…" : text;
}

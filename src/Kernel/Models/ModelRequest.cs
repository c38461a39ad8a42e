using System.Text.Json;
using Reeve.Kernel.Turns;

namespace Reeve.Kernel.Models;

/// <summary>What is sent to a model.</summary>
/// <param name="SystemPrompt">Reeve's own text with the pinned parts; untrusted text never enters it.</param>
/// <param name="Messages">The conversation; the same instances from turn to turn.</param>
/// <param name="OutputTokensMax">Set from the reservation: the provider may not answer with more.</param>
/// <param name="CallKey">Names the attempt (run, sequence); stable across replay.</param>
public sealed record ModelRequest(
    string SystemPrompt,
    IReadOnlyList<Message> Messages,
    IReadOnlyList<ToolDescription> Tools,
    int OutputTokensMax,
    string CallKey);

/// <summary>A tool as the model sees it. The same instance from turn to turn.</summary>
public sealed record ToolDescription(string Name, string Summary, JsonElement ArgumentsSchema);

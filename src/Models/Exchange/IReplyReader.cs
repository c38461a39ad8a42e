using System.Text.Json;
using Reeve.Kernel.Models;
using Reeve.Models.Streams;

namespace Reeve.Models.Exchange;

/// <summary>Puts one reply together from the events of a stream, or from a whole document.</summary>
/// <remarks>Throws <see cref="ModelCallException"/> for an error the provider reports in the middle.</remarks>
internal interface IReplyReader
{
    /// <summary>Nothing that may follow matters any more.</summary>
    bool IsDone { get; }

    /// <summary>The provider said that the reply is complete; what is still missing is at most its usage.</summary>
    bool IsComplete { get; }

    /// <exception cref="JsonException">The event is not what the dialect says.</exception>
    void Read(SseEvent streamEvent);

    void ReadWhole(JsonElement document);

    ModelReply Finish();
}

namespace Reeve.Models.Streams;

/// <summary>One event of an event stream. The data is UTF-8 and belongs to the receiver for good.</summary>
internal readonly record struct SseEvent(string Name, ReadOnlyMemory<byte> Data, string LastEventId);

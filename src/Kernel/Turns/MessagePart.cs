namespace Reeve.Kernel.Turns;

/// <summary>One piece of a message.</summary>
public abstract record MessagePart;

public sealed record TextPart(string Text) : MessagePart;

/// <summary>What a model thought aloud.</summary>
/// <param name="ProviderData">
/// Opaque data the same provider wants back unchanged with the next request (a signature, or the whole block of
/// redacted thinking as JSON); empty when there is none.
/// </param>
public sealed record ReasoningPart(string Text, string ProviderData) : MessagePart;

/// <summary>A request of the model to run a tool.</summary>
/// <param name="Id">The provider's name for it, given back with the result; unique within its message.</param>
/// <param name="Arguments">JSON text exactly as the model wrote it; not necessarily valid.</param>
public sealed record ToolCallPart(string Id, string Name, string Arguments) : MessagePart;

public sealed record ToolResultPart(string CallId, string Text, bool IsError) : MessagePart;

namespace Reeve.Models.OpenAi;

/// <summary>Where servers that speak this dialect differ in what they accept.</summary>
/// <param name="SaysCompletionTokens">Wants <c>max_completion_tokens</c> for <c>max_tokens</c>.</param>
/// <param name="AsksForUsage">Accepts <c>stream_options</c>.</param>
/// <param name="ReadsTextCalls">Its models may write tool calls into their text.</param>
internal sealed record OpenAiQuirks(bool SaysCompletionTokens, bool AsksForUsage, bool ReadsTextCalls);

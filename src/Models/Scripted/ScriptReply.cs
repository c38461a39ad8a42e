using System.Collections.Immutable;
using System.Text.Json;

namespace Reeve.Models.Scripted;

/// <summary>What the model says in one turn.</summary>
/// <param name="TextTimes">How often the text is repeated, for replies too large to write down.</param>
/// <param name="Stop"><c>end_turn</c>, <c>tool_calls</c>, <c>output_limit</c>, <c>refusal</c> or
/// <c>content_filter</c>.</param>
/// <param name="NoUsage">The provider reports no usage at all.</param>
public sealed record ScriptReply(
    string Text = "",
    string Reasoning = "",
    int TextTimes = 1,
    string? Stop = null,
    ScriptUsage? Usage = null,
    bool NoUsage = false)
{
    public ImmutableArray<ScriptCall> Calls
    {
        get => field.IsDefault ? [] : field;
        init;
    }
}

/// <summary>A tool call; <paramref name="Raw"/> takes the place of the arguments, valid or not.</summary>
public sealed record ScriptCall(string Name, JsonElement? Arguments = null, string? Raw = null, string? Id = null);

/// <summary>Tokens as the provider would report them.</summary>
public sealed record ScriptUsage(long Input, long Output, long Cached = 0, long Reasoning = 0);

using System.Text.Json.Serialization;

namespace Reeve.Models.Scripted;

/// <summary>Something that goes wrong instead of, or in the middle of, a reply.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Attempts">Only the first so many attempts of the turn; 0 is every one.</param>
/// <param name="Status">With <see cref="ScriptFaultKind.Status"/>.</param>
/// <param name="RetryAfterSeconds">What the server asks for.</param>
/// <param name="AfterBytes">With <see cref="ScriptFaultKind.Cut"/> and <see cref="ScriptFaultKind.Silence"/>:
/// what is still sent.</param>
public sealed record ScriptFault(
    ScriptFaultKind Kind, int Attempts = 0, int Status = 500, double? RetryAfterSeconds = null, int AfterBytes = 0);

[JsonConverter(typeof(JsonStringEnumConverter<ScriptFaultKind>))]
public enum ScriptFaultKind
{
    /// <summary>An error status with the dialect's error object.</summary>
    [JsonStringEnumMemberName("status")]
    Status = 0,

    /// <summary>The connection is closed in the middle of the response.</summary>
    [JsonStringEnumMemberName("cut")]
    Cut,

    /// <summary>An event that is no JSON.</summary>
    [JsonStringEnumMemberName("malformed")]
    Malformed,

    /// <summary>The connection stays open and nothing more comes.</summary>
    [JsonStringEnumMemberName("silence")]
    Silence,

    /// <summary>An error object inside a stream that began with status 200.</summary>
    [JsonStringEnumMemberName("stream_error")]
    StreamError,
}

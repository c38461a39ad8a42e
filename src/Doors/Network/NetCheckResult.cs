using System.Text.Json;
using System.Text.Json.Serialization;

namespace Reeve.Doors.Network;

/// <summary>What <c>reeve net check</c> says of one URL, host or address.</summary>
/// <param name="Resolved">
/// False when the host is a name and no resolver answered: then <paramref name="Allowed"/> speaks of the name
/// alone, and its addresses are judged when a connection is made.
/// </param>
public sealed record NetCheckResult(
    bool Allowed, string Code, string Reason, bool Resolved, IReadOnlyList<string> Addresses)
{
    public string ToJson(string input) => JsonSerializer.Serialize(
        new NetCheckLine(input, Allowed, Code, Reason, Resolved, Addresses), NetworkJson.Default.NetCheckLine);
}

internal sealed record NetCheckLine(
    string Input, bool Allowed, string Code, string Reason, bool Resolved, IReadOnlyList<string> Addresses);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(NetCheckLine))]
internal sealed partial class NetworkJson : JsonSerializerContext;

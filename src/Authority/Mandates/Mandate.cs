using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Authority.Labels;
using Reeve.Authority.Policy;

namespace Reeve.Authority.Mandates;

/// <summary>All authority of one run, as a value. What it does not name, the run may not do.</summary>
/// <remarks>
/// Nothing widens the mandate of a running run: it has no setter, and its JSON, in which it is recorded and hashed,
/// is the same bytes for the same content. In a list of names <c>*</c> stands for all; an empty list for none.
/// </remarks>
public sealed record Mandate
{
    public const string All = "*";
    public const int RulesMax = 100_000;
    public const int JsonBytesMax = 32 * 1024 * 1024;

    public required string Id { get; init; }

    public required string Principal { get; init; }

    [JsonRequired]
    public PermissionMode Mode { get; init; }

    [JsonRequired]
    public ImmutableArray<string> Tools { get; init; } = [];

    [JsonRequired]
    public ImmutableArray<PathGrant> Paths { get; init; } = [];

    /// <summary>Command patterns, as in <c>Bash(…)</c> rules.</summary>
    [JsonRequired]
    public ImmutableArray<string> Commands { get; init; } = [];

    /// <summary>Domains, as in <c>WebFetch(domain:…)</c> rules.</summary>
    [JsonRequired]
    public ImmutableArray<string> Hosts { get; init; } = [];

    [JsonRequired]
    public ImmutableArray<Rule> Rules { get; init; } = [];

    /// <summary>Data beyond this label must not flow into the run.</summary>
    [JsonRequired]
    public CeilingText Ceiling { get; init; } = CeilingText.Of(Label.LeastTrusted);

    [JsonRequired]
    public MandateLimits Limits { get; init; } = new();

    /// <summary>How many levels of further runs this run may start.</summary>
    [JsonRequired]
    public int Depth { get; init; }

    [JsonRequired]
    public DateTimeOffset ExpiresAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Whether somebody can be asked; where nobody can, what would be asked is denied.</summary>
    [JsonRequired]
    public bool CanAsk { get; init; }

    /// <summary>Layers that narrow the mandate: an effect has to be covered by each of them as well.</summary>
    public ImmutableArray<MandateScope> Caveats { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What the run may pass on to runs it starts; see <see cref="Attenuation"/>.</summary>
    public Delegation Delegation { get; init => field = value ?? Delegation.None; } = Delegation.None;

    /// <summary>Branches that no mode and no rule lets anybody delete, and that are asked about; none stands for
    /// the usual ones.</summary>
    public ImmutableArray<string> ProtectedBranches { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Rules that people approved for longer than one action, as <see cref="StandingApprovals"/> reads
    /// them. They answer a question; they allow nothing that is denied.</summary>
    public ImmutableArray<string> Approved { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Rules whose actions two different persons have to approve.</summary>
    public ImmutableArray<string> TwoPersons { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Folders beside the workspace that the run may read.</summary>
    public ImmutableArray<FolderGrant> Folders { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>
    /// The mandate of a plain run: read and write in the view and any command in the verified sandbox without
    /// network are allowed; apply, network, host commands, secrets and delegation are asked; all else is denied.
    /// </summary>
    public static Mandate Default(
        string id, string principal, bool canAsk, PermissionMode mode = PermissionMode.Default) => new()
    {
        Id = id,
        Principal = principal,
        Mode = mode,
        Tools = [All],
        Paths = [new PathGrant("**", CanChange: true)],
        Commands = [All],
        Hosts = [All],
        CanAsk = canAsk,
    };

    public static Mandate FromJson(ReadOnlySpan<byte> json)
    {
        Problem.ThrowUnless(json.Length <= JsonBytesMax, "mandate.invalid", "The mandate is too large.");

        try
        {
            return JsonSerializer.Deserialize(json, MandateShapes.Strict.Mandate) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new ProblemException(new Problem("mandate.invalid", "The text is not a mandate."));
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, MandateShapes.Strict.Mandate);

    /// <summary>SHA-256 of the JSON: two mandates with one digest say the same.</summary>
    public string Digest() => Convert.ToHexStringLower(SHA256.HashData(ToJson()));

    /// <summary>What the run may do itself, as a layer.</summary>
    internal MandateScope Scope() => new() { Tools = Tools, Paths = Paths, Commands = Commands, Hosts = Hosts };

    public bool IsExpiredAt(DateTimeOffset instant) => instant >= ExpiresAt;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(Mandate))]
internal sealed partial class MandateShapes : JsonSerializerContext
{
    public static MandateShapes Strict { get; } = new(new JsonSerializerOptions(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters =
        {
            new JsonStringEnumConverter<PermissionMode>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<Decision>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new JsonStringEnumConverter<RuleTier>(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
    });
}

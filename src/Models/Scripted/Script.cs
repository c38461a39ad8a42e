using System.Collections.Immutable;
using System.Text.Json;
using Reeve.Authority;

namespace Reeve.Models.Scripted;

/// <summary>What a scripted model says, turn by turn. One JSON file; unknown members are refused.</summary>
/// <remarks>The format is documented in <c>docs/guide/scripted-model.md</c>.</remarks>
public sealed record Script(ImmutableArray<ScriptTurn> Turns)
{
    public const int SchemaVersion = 1;
    public const int BytesMax = 64 * 1024 * 1024;
    public const int TurnsMax = 100_000;

    public int Schema { get; init; } = SchemaVersion;

    /// <summary>The name the model answers to.</summary>
    public string? Model { get; init; }

    /// <exception cref="ProblemException"><c>script.invalid</c>.</exception>
    public static Script Parse(ReadOnlySpan<byte> json)
    {
        Problem.ThrowUnless(json.Length <= BytesMax, "script.invalid", "The script is larger than 64 MB.");

        try
        {
            var script = JsonSerializer.Deserialize(json, ScriptJson.Default.Script);
            Problem.ThrowUnless(
                script is { Schema: SchemaVersion, Turns: { IsDefault: false, Length: <= TurnsMax } },
                "script.invalid",
                "A script has \"schema\": 1 and a list of at most 100000 \"turns\".");
            _ = new ScriptPlayer(script);

            return script;
        }
        catch (JsonException failure)
        {
            // The text of the exception quotes the file; the place is enough to find the mistake.
            throw new ProblemException(new Problem(
                "script.invalid",
                $"The script is not valid JSON of its format (line {(failure.LineNumber ?? 0) + 1})."));
        }
        catch (ArgumentException)
        {
            throw new ProblemException(new Problem("script.invalid", "A pattern in the script is not valid."));
        }
        catch (NotSupportedException)
        {
            throw new ProblemException(new Problem(
                "script.invalid", "A pattern in the script needs backtracking, which is not supported."));
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ScriptJson.Default.Script);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using Reeve.Authority;
using Reeve.Doors.Files;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting.Composition;

/// <summary>What runs learnt of the tokenizers of models, kept in a file of the data directory.</summary>
/// <remarks>
/// It only makes estimates better: a file that is missing or damaged is the same as having learnt nothing, and of two
/// processes that write at once one wins. A run takes what it needs into its first entry and reads nothing here later.
/// </remarks>
public sealed class TokenScales(string dataDirectory)
{
    public const int ModelsMax = 256;

    private const int BytesMax = 1 << 20;

    private readonly string _path = Path.Join(dataDirectory, "tokens.json");

    public TokenScale Find(string model) =>
        Read().TryGetValue(model, out var perMille) ? TokenScale.Of(perMille) : TokenScale.Unlearnt;

    /// <summary>Keeps what a run learnt, where it is another than before.</summary>
    public void Keep(RunState state)
    {
        if (state.Admitted is null)
        {
            return;
        }

        var known = Read();
        var isNew = false;

        for (var model = 0; model < state.ModelCount; model++)
        {
            var (name, scale) = (state.TermsOf(model).Name, state.TokenScales[model]);

            if (scale.PerMille == 0 || scale == state.TermsOf(model).TokenScale
                || (known.Count >= ModelsMax && !known.ContainsKey(name)))
            {
                continue;
            }

            known[name] = scale.PerMille;
            isNew = true;
        }

        if (isNew)
        {
            Write(known);
        }
    }

    private Dictionary<string, int> Read()
    {
        try
        {
            var bytes = OperatorFiles.Read(_path, BytesMax, "file of learnt token counts");
            return JsonSerializer.Deserialize(bytes, TokenScaleJson.Default.DictionaryStringInt32)
                ?? new(StringComparer.Ordinal);
        }
        catch (Exception lost) when (lost is ProblemException or JsonException)
        {
            return new(StringComparer.Ordinal);
        }
    }

    private void Write(Dictionary<string, int> known)
    {
        try
        {
            OperatorFiles.Write(
                _path, JsonSerializer.SerializeToUtf8Bytes(known, TokenScaleJson.Default.DictionaryStringInt32),
                "file of learnt token counts");
        }
        catch (ProblemException)
        {
            // The disk may be full; the next run learns it again.
        }
    }
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(Dictionary<string, int>))]
internal sealed partial class TokenScaleJson : JsonSerializerContext;

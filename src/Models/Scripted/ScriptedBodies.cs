using System.Text;
using System.Text.Json;

namespace Reeve.Models.Scripted;

/// <summary>Answers that both dialects share.</summary>
internal static class ScriptedBodies
{
    public static byte[] Models(string model) =>
        Encoding.UTF8.GetBytes(
            """{"object":"list","data":["""
            + $$"""{"id":"{{JsonEncodedText.Encode(model)}}","object":"model","type":"model"}]}""");
}

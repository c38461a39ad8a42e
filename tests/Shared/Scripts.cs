using System.Text.Json;
using System.Text.Json.Nodes;

namespace Reeve.Tests.Shared;

/// <summary>Writes scripts of the scripted model the way one would tell them.</summary>
public static class Scripts
{
    public static string Of(params JsonObject[] turns) =>
        new JsonObject { ["schema"] = 1, ["turns"] = new JsonArray([.. turns]) }.ToJsonString();

    public static JsonObject Says(string text) => new() { ["reply"] = new JsonObject { ["text"] = text } };

    public static JsonObject Calls(params (string Name, object Arguments)[] calls) => new()
    {
        ["reply"] = new JsonObject
        {
            ["calls"] = new JsonArray([.. calls.Select(call => new JsonObject
            {
                ["name"] = call.Name,
                ["arguments"] = JsonSerializer.SerializeToNode(call.Arguments),
            })]),
        },
    };

    public static JsonObject Call(string name, object arguments) => Calls((name, arguments));

    public static JsonObject Finishes(string summary = "Done.") => Call("finish", new { summary });
}

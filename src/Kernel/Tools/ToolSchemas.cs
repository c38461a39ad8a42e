using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Reeve.Kernel.Tools;

[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ToolSchemas : JsonSerializerContext;

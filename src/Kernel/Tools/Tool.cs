using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Reeve.Authority;
using Reeve.Authority.Policy;

namespace Reeve.Kernel.Tools;

/// <summary>A tool with typed arguments, parsed strictly before its own code runs.</summary>
/// <remarks>
/// Strictness is decided here: a tool brings the generated shape of its arguments, never its own options.
/// A refusal names the argument and the type expected, both taken from the tool and never from the input.
/// </remarks>
public abstract class Tool<TArguments> : ITool
    where TArguments : class
{
    private static readonly JsonSchemaExporterOptions s_described = new() { TransformSchemaNode = Describe };

    private readonly JsonTypeInfo<TArguments> _type;

    protected Tool(IJsonTypeInfoResolver shapes)
    {
        var options = new JsonSerializerOptions(JsonSerializerOptions.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            TypeInfoResolver = shapes,
        };
        _type = (JsonTypeInfo<TArguments>)options.GetTypeInfo(typeof(TArguments));
        var schema = _type.GetJsonSchemaAsNode(s_described).AsObject();

        // Also of a tool without arguments it is said that it takes an object.
        schema["properties"] ??= new JsonObject();
        ArgumentsSchema = JsonSerializer.SerializeToElement(schema, ToolSchemas.Default.JsonObject);
    }

    public abstract ToolSpec Spec { get; }

    public JsonElement ArgumentsSchema { get; }

    public IReadOnlyList<Effect> EffectsOf(JsonElement arguments) => EffectsOf(Parse(arguments));

    public Task<ToolOutput> InvokeAsync(
        JsonElement arguments, ToolContext context, CancellationToken cancellationToken) =>
        RunAsync(Parse(arguments), context, cancellationToken);

    /// <summary>Everything the call would touch. An effect left out here is an effect without a gate.</summary>
    protected abstract IReadOnlyList<Effect> EffectsOf(TArguments arguments);

    protected abstract Task<ToolOutput> RunAsync(
        TArguments arguments, ToolContext context, CancellationToken cancellationToken);

    private TArguments Parse(JsonElement arguments)
    {
        try
        {
            return arguments.Deserialize(_type) ?? throw new JsonException();
        }
        catch (JsonException refusal)
        {
            // Its text quotes the input and our type names, so only the place is taken from it.
            throw new ProblemException(new Problem("argument.invalid", Explain(refusal.Path)));
        }
    }

    // An unknown place is not named either: its name was written by whoever wrote the arguments.
    private string Explain(string? path)
    {
        var known = ArgumentsSchema.GetProperty("properties").EnumerateObject().ToList();
        var wrong = known.Where(member => path == $"$.{member.Name}").ToList();

        return known is []
            ? "Expected {}, without arguments."
            : $"Expected {string.Join(", ", (wrong is [] ? known : wrong).Select(NameAndType))}.";
    }

    private static string NameAndType(JsonProperty member) =>
        $"$.{member.Name}: {member.Value.GetProperty("type")}";

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        var attributes = context.PropertyInfo?.AttributeProvider?.GetCustomAttributes(inherit: false) ?? [];

        if (attributes.OfType<DescriptionAttribute>().SingleOrDefault() is { } about)
        {
            schema["description"] = about.Description;
        }

        return schema;
    }
}

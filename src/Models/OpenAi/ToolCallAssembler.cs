using System.Text;
using System.Text.Json;
using Reeve.Kernel.Turns;
using Reeve.Models.Exchange;

namespace Reeve.Models.OpenAi;

/// <summary>Puts tool calls together from deltas that come interleaved, repeated, without index or all at
/// once.</summary>
/// <remarks>
/// A delta belongs to the call with its index; without one, to the call with its id; without either, to the call
/// begun last. A new id together with a name begins a new call even where the index is reused.
/// </remarks>
internal sealed class ToolCallAssembler(Action<string> onName)
{
    public const int CallsMax = 256;

    private readonly List<Slot> _slots = [];
    private readonly Dictionary<int, Slot> _byIndex = [];

    public bool IsEmpty => _slots.Count == 0;

    public void Add(JsonElement delta)
    {
        var function = delta.TryGetProperty("function", out var nested) ? nested : delta;
        int? index = delta.TryGetProperty("index", out var number) && number.ValueKind == JsonValueKind.Number
            ? number.GetInt32() : null;

        Add(index, TextOf(delta, "id"), TextOf(function, "name"), ArgumentsOf(function));
    }

    /// <summary>The older single call, which has neither an index nor an id.</summary>
    public void AddLegacy(JsonElement function) =>
        Add(index: 0, string.Empty, TextOf(function, "name"), ArgumentsOf(function));

    public IEnumerable<ToolCallPart> Finish()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var seen = new HashSet<(string, string, string)>();
        var order = 0;

        foreach (var slot in _slots)
        {
            var arguments = WithoutEcho(slot.Arguments.ToString());

            // The very same call with the very same id is one call that was sent twice.
            if (slot.Id.Length > 0 && !seen.Add((slot.Id, slot.Name, arguments)))
            {
                continue;
            }

            var id = slot.Id.Length > 0 ? slot.Id : $"call_{order}";

            while (!ids.Add(id))
            {
                id += "_";
            }

            order++;
            yield return new ToolCallPart(id, slot.Name, arguments);
        }
    }

    private void Add(int? index, string id, string name, string arguments)
    {
        var slot = Find(index, id, name) ?? Begin(index, id);
        slot.Id = slot.Id.Length == 0 ? id : slot.Id;

        if (name.Length > 0 && !string.Equals(slot.Name, name, StringComparison.Ordinal))
        {
            slot.Name += slot.Arguments.Length == 0 ? name : string.Empty;
            onName(slot.Name);
        }

        slot.Arguments.Append(arguments);
    }

    private Slot? Find(int? index, string id, string name)
    {
        var found = index is { } number
            ? _byIndex.GetValueOrDefault(number)
            : id.Length > 0
                ? _slots.Find(slot => string.Equals(slot.Id, id, StringComparison.Ordinal))
                : _slots.LastOrDefault();

        if (found is null)
        {
            return null;
        }

        var isOther = name.Length > 0 && id.Length > 0 && found.Id.Length > 0
            && !string.Equals(found.Id, id, StringComparison.Ordinal);
        var isNext = index is null && id.Length == 0 && name.Length > 0 && found.Name.Length > 0
            && JsonText.IsObject(found.Arguments.ToString());

        return isOther || isNext ? null : found;
    }

    private Slot Begin(int? index, string id)
    {
        if (_slots.Count == CallsMax)
        {
            throw CallFailures.TooMany(CallsMax, "tool calls");
        }

        var slot = new Slot { Id = id };
        _slots.Add(slot);

        if (index is { } number)
        {
            _byIndex[number] = slot;
        }

        return slot;
    }

    // Some servers end with the whole arguments once more after having sent them in pieces.
    private static string WithoutEcho(string arguments)
    {
        var half = arguments.Length / 2;
        var isTwice = arguments.Length > 2 && arguments.Length % 2 == 0
            && arguments.AsSpan(0, half).SequenceEqual(arguments.AsSpan(half));

        return isTwice && !JsonText.IsJson(arguments) && JsonText.IsJson(arguments[..half])
            ? arguments[..half]
            : arguments;
    }

    private static string ArgumentsOf(JsonElement function)
    {
        if (function.ValueKind != JsonValueKind.Object || !function.TryGetProperty("arguments", out var arguments))
        {
            return string.Empty;
        }

        return arguments.ValueKind switch
        {
            JsonValueKind.String => arguments.GetString()!,
            JsonValueKind.Null or JsonValueKind.Undefined => string.Empty,
            _ => arguments.GetRawText(),
        };
    }

    private static string TextOf(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    private sealed class Slot
    {
        public string Id { get; set; } = string.Empty;

        public string Name { get; set; } = string.Empty;

        public StringBuilder Arguments { get; } = new();
    }
}

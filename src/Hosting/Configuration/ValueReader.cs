using System.Collections.Immutable;
using System.Globalization;
using Reeve.Authority;

namespace Reeve.Hosting.Configuration;

/// <summary>Turns what was written into a value of its key's type, or refuses it by name.</summary>
internal static class ValueReader
{
    public const int ItemsMax = 1_000, TextLengthMax = 4_096;
    private const decimal DollarsMax = 1_000_000m;

    public static SettingValue Read(SettingKey key, string name, YamlNode node, string origin)
    {
        switch (key.Kind)
        {
            case SettingKind.TextList when node is YamlList list:
                Check(list.Items.Length <= ItemsMax, key, name, origin);
                return new SettingValue(key, name, "", [.. list.Items.Select(TextOf)], [], origin);
            case SettingKind.Prices when node is YamlList list:
                Check(list.Items.Length <= ItemsMax, key, name, origin);
                return new SettingValue(key, name, "", [],
                    [.. list.Items.Select(item => Price(item, name, origin))], origin);
            case SettingKind.Hooks when node is YamlList list:
                Check(list.Items.Length <= HookReader.HooksMax, key, name, origin);
                return new SettingValue(key, name, "", [], [], origin)
                {
                    Hooks = [.. list.Items.Select(item => HookReader.Read(item, name, origin))],
                };
            default:
                Check(node is YamlScalar, key, name, origin);
                return Read(key, name, ((YamlScalar)node).Text, origin);
        }

        string TextOf(YamlNode item)
        {
            Check(item is YamlScalar { Text.Length: > 0 and <= TextLengthMax }, key, name, origin);
            return ((YamlScalar)item).Text;
        }
    }

    /// <summary>From one text, as the environment and flags give it; a list has one item a line.</summary>
    public static SettingValue Read(SettingKey key, string name, string text, string origin)
    {
        Check(text.Length is > 0 and <= TextLengthMax && key.Kind is not (SettingKind.Prices or SettingKind.Hooks),
            key, name, origin);
        Check(key.Kind == SettingKind.TextList || !text.Any(char.IsControl), key, name, origin);

        if (key.Kind == SettingKind.TextList)
        {
            var items = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new SettingValue(key, name, "", [.. items], [], origin);
        }

        Check(IsPossible(key, text), key, name, origin);
        return new SettingValue(key, name, Canonical(key, text), [], [], origin);
    }

    public static string Refusal(SettingKey key, string name, string origin) =>
        $"{name} must be {key.Expected} ({origin}).";

    private static bool IsPossible(SettingKey key, string text) => key.Kind switch
    {
        SettingKind.Choice => key.Choices.Contains(text, StringComparer.Ordinal),
        SettingKind.Integer => TryInteger(text, out var number) && number >= key.Min && number <= key.Max,
        SettingKind.Money => TryMoney(text, out var dollars) && dollars <= DollarsMax,
        SettingKind.Url => Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0,
        SettingKind.Path => text[0] is '/' || text.StartsWith("~/", StringComparison.Ordinal),
        _ => true,
    };

    private static string Canonical(SettingKey key, string text) => key.Kind switch
    {
        SettingKind.Integer when TryInteger(text, out var number) => number.ToString(CultureInfo.InvariantCulture),
        SettingKind.Money when TryMoney(text, out var dollars) => dollars.ToString(CultureInfo.InvariantCulture),
        _ => text,
    };

    private static bool TryInteger(string text, out long number) => long.TryParse(
        text.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static bool TryMoney(string text, out decimal dollars) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out dollars);

    private static PriceSetting Price(YamlNode node, string name, string origin)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string[] names = ["provider", "model", "input", "output", "from"];
        var at = $"{origin}, entry at line {node.Line}";
        Refuse(node is YamlMap, "must have provider, model, input, output and from");

        foreach (var entry in ((YamlMap)node).Entries)
        {
            var hint = Suggestion.For(entry.Key, names) is { } nearest ? $" Did you mean {nearest}?" : "";
            Problem.ThrowUnless(
                names.Contains(entry.Key, StringComparer.Ordinal), "config.unknown_key",
                $"A price has no {KeyText.Show(entry.Key)} (line {entry.Line}).{hint}");
            Refuse(entry.Value is YamlScalar, "must have plain values");
            fields[entry.Key] = ((YamlScalar)entry.Value).Text;
        }

        Refuse(names.All(fields.ContainsKey), "must have provider, model, input, output and from");
        decimal output = 0;
        Refuse(
            TryMoney(fields["input"], out var input) && TryMoney(fields["output"], out output)
                && input <= DollarsMax && output <= DollarsMax,
            "must give input and output in dollars per million tokens");
        Refuse(
            DateOnly.TryParseExact(fields["from"], "yyyy-MM-dd", out var from),
            "must give from as a date, as 2026-01-31");

        return new PriceSetting(fields["provider"], fields["model"], input, output, from);

        void Refuse(bool condition, string what) =>
            Problem.ThrowUnless(condition, "config.invalid_value", $"An entry of {name} {what} ({at}).");
    }

    private static void Check(bool condition, SettingKey key, string name, string origin) =>
        Problem.ThrowUnless(condition, "config.invalid_value", Refusal(key, name, origin));
}

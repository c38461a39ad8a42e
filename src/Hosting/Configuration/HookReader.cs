using System.Globalization;
using Reeve.Authority;
using Reeve.Kernel.Hooks;

namespace Reeve.Hosting.Configuration;

/// <summary>Reads one hook of the configuration, or refuses it by name.</summary>
internal static class HookReader
{
    public const int HooksMax = 64, ArgumentsMax = 64, TimeoutSecondsMax = 600;

    private const int TimeoutSecondsPreset = 30;

    private static readonly string[] s_names = ["command", "timeoutSeconds"], s_namesOfTool = ["match", .. s_names];

    public static HookTerm Read(YamlNode node, string name, string origin)
    {
        var at = $"{origin}, entry at line {node.Line}";
        Refuse(node is YamlMap, "must have a command and, if need be, timeoutSeconds");
        var names = name.EndsWith("Tool", StringComparison.Ordinal) ? s_namesOfTool : s_names;
        var entries = ((YamlMap)node).Entries;
        var unknown = entries.FirstOrDefault(entry => !names.Contains(entry.Key, StringComparer.Ordinal));
        var hint = unknown is not null && Suggestion.For(unknown.Key, names) is { } nearest
            ? $" Did you mean {nearest}?" : "";
        Problem.ThrowUnless(
            unknown is null, "config.unknown_key", $"A hook has no {KeyText.Show(unknown?.Key ?? "")} ({at}).{hint}");

        var match = Of("match") is YamlScalar { IsNull: false } text ? text.Text : "*";
        Refuse(
            match.TrimEnd('*').All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter)
                || letter == '_')
                && match.Length - match.TrimEnd('*').Length <= 1 && match.Length is > 0 and <= 64,
            "must match the name of a tool, or the beginning of one and *");
        Refuse(
            Of("command") is YamlList { Items.Length: > 0 and <= ArgumentsMax } list
                && list.Items.All(item => item is YamlScalar { Text.Length: > 0 and <= ValueReader.TextLengthMax }),
            "must have a command: a list of a program and its arguments");
        var seconds = TimeoutSecondsPreset;
        Refuse(
            Of("timeoutSeconds") is null || (Of("timeoutSeconds") is YamlScalar number
                && int.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                && seconds is > 0 and <= TimeoutSecondsMax),
            $"must have a timeoutSeconds from 1 to {TimeoutSecondsMax}");

        return new HookTerm(
            match, [.. ((YamlList)Of("command")!).Items.Select(item => ((YamlScalar)item).Text)], seconds);

        YamlNode? Of(string key) => entries.FirstOrDefault(entry => entry.Key == key)?.Value;

        void Refuse(bool condition, string what) =>
            Problem.ThrowUnless(condition, "config.invalid_value", $"An entry of {name} {what} ({at}).");
    }
}

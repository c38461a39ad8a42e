using System.Collections.Immutable;
using Reeve.Authority;

namespace Reeve.Hosting.Configuration;

/// <summary>Lays the sources, and a profile between files and environment, over the defaults, each checked against
/// its key, and keeps where each value is
/// from.</summary>
/// <remarks>Pure. Problems: <c>config.unknown_key</c>, <c>config.invalid_value</c>, <c>config.malformed</c>.</remarks>
public static class SettingsLoader
{
    public static Settings Load(SettingsSources sources)
    {
        var values = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal);

        foreach (var key in SettingKeys.All.Where(key => key.Default.Length > 0))
        {
            values[key.Name] = ValueReader.Read(key, key.Name, key.Default, "default");
        }

        var profiles = new SettingProfiles();

        foreach (var file in sources.Files)
        {
            AddMap(values, profiles.TakeFrom(YamlReader.Read(file.Text, file.Name), file.Name), "", file.Name);
        }

        List<SettingValue> stronger =
        [
            .. EnvironmentSettings.Read(sources.Environment),
            .. sources.Flags.Select(flag =>
                ValueReader.Read(SettingKeys.Find(flag.Key)!, flag.Key, flag.Text, $"flag {flag.Flag}")),
        ];
        var chosen = stronger.LastOrDefault(value => value.Name == SettingProfiles.Key)
            ?? values.GetValueOrDefault(SettingProfiles.Key);

        foreach (var value in profiles.Chosen(chosen).Concat(stronger))
        {
            values[value.Name] = value;
        }

        return SettingsBuilder.Build(values, sources.Environment);
    }

    internal static void AddMap(
        SortedDictionary<string, SettingValue> values, YamlMap map, string prefix, string file)
    {
        foreach (var entry in map.Entries)
        {
            var name = prefix + entry.Key;
            var origin = $"{file}, line {entry.Line}";
            var key = SettingKeys.Find(name);

            // A key without a value says nothing: a commented section stays readable.
            if (entry.Value is YamlScalar { IsNull: true } && (key is not null || SettingKeys.IsSection(name)))
            {
                continue;
            }

            if (key is null)
            {
                Problem.ThrowUnless(SettingKeys.IsSection(name), "config.unknown_key", Unknown(name, origin));
                Problem.ThrowUnless(
                    entry.Value is YamlMap, "config.invalid_value", $"{name} must hold keys of its own ({origin}).");
                AddMap(values, (YamlMap)entry.Value, name + ".", file);
                continue;
            }

            Problem.ThrowUnless(
                key.Kind != SettingKind.Secret, "config.secret_in_file",
                $"{name} does not belong in a file: put the key alone into one and name it with apiKeyFile "
                + $"({origin}).");
            values[name] = ValueReader.Read(key, name, entry.Value, origin);
        }
    }

    /// <summary>The refusal of a key that does not exist, with the one that was probably meant.</summary>
    internal static string Unknown(string name, string origin)
    {
        var nearest = Nearest(name);
        var hint = nearest is null ? " See reeve config show." : $" Did you mean {nearest}?";
        return $"There is no key {KeyText.Show(name)} ({origin}).{hint}";
    }

    private static string? Nearest(string name)
    {
        var parts = name.Split('.');
        var sections = SettingKeys.All
            .SelectMany(key => Enumerable.Range(1, key.Name.Split('.').Length)
                .Select(depth => string.Join('.', key.Name.Split('.').Take(depth))))
            .Select(known => Named(known, parts))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        // The whole name first; then its last word in any section, for a key that was put in the wrong one.
        return Suggestion.For(name, sections) ?? sections.FirstOrDefault(known =>
            string.Equals(known.Split('.')[^1], parts[^1], StringComparison.OrdinalIgnoreCase));
    }

    private static string Named(string known, string[] given)
    {
        var parts = known.Split('.');

        for (var index = 0; index < parts.Length; index++)
        {
            parts[index] = parts[index] == "*" && index < given.Length ? given[index] : parts[index];
        }

        return string.Join('.', parts);
    }
}

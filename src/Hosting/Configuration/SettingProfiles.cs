using Reeve.Authority;

namespace Reeve.Hosting.Configuration;

/// <summary>Sets of values under a name, of which one is chosen: stronger than the files, weaker than the
/// environment.</summary>
/// <remarks>Every profile is checked when it is read, also those that are not chosen.</remarks>
internal sealed class SettingProfiles
{
    /// <summary>The key that names the chosen one.</summary>
    public const string Key = "profile";

    /// <summary>More in one configuration are refused.</summary>
    public const int ProfilesMax = 64;

    private const string Section = "profiles";

    private readonly SortedDictionary<string, SortedDictionary<string, SettingValue>> _byName =
        new(StringComparer.Ordinal);

    /// <summary>Takes the profiles out of a file; what is left are plain keys.</summary>
    public YamlMap TakeFrom(YamlMap file, string name)
    {
        foreach (var entry in file.Entries.Where(entry => entry.Key == Section))
        {
            if (entry.Value is YamlScalar { IsNull: true })
            {
                continue;
            }

            Problem.ThrowUnless(
                entry.Value is YamlMap, "config.invalid_value",
                $"{Section} must hold profiles by name ({name}, line {entry.Line}).");

            foreach (var profile in ((YamlMap)entry.Value).Entries)
            {
                Take(profile, name);
            }
        }

        return file with { Entries = [.. file.Entries.Where(entry => entry.Key != Section)] };
    }

    /// <exception cref="ProblemException"><c>config.unknown_profile</c></exception>
    public IEnumerable<SettingValue> Chosen(SettingValue? chosen)
    {
        if (chosen is null)
        {
            return [];
        }

        var isKnown = _byName.TryGetValue(chosen.Text, out var values);
        var hint = Suggestion.For(chosen.Text, _byName.Keys) is { } meant ? $" Did you mean {meant}?"
            : _byName.Count > 0 ? $" There are: {string.Join(", ", _byName.Keys)}." : " No file has any.";
        Problem.ThrowUnless(
            isKnown, "config.unknown_profile",
            $"There is no profile {KeyText.Show(chosen.Text)} ({chosen.Origin}).{hint}");

        return values!.Values;
    }

    private void Take(YamlEntry profile, string file)
    {
        var origin = $"{file}, line {profile.Line}";
        Problem.ThrowUnless(
            profile.Key.Length <= 32 && profile.Key.All(letter => char.IsAsciiLetterOrDigit(letter)
                || letter is '-' or '_'),
            "config.invalid_value", $"A profile is named with letters, digits, - and _ ({origin}).");

        if (!_byName.TryGetValue(profile.Key, out var values))
        {
            Problem.ThrowUnless(
                _byName.Count < ProfilesMax, "config.too_many_profiles",
                    $"There are more than {ProfilesMax} profiles ({origin}).");
            _byName.Add(profile.Key, values = new(StringComparer.Ordinal));
        }

        if (profile.Value is YamlScalar { IsNull: true })
        {
            return;
        }

        Problem.ThrowUnless(
            profile.Value is YamlMap, "config.invalid_value", $"A profile holds keys of its own ({origin}).");
        SettingsLoader.AddMap(values, (YamlMap)profile.Value, "", $"profile {profile.Key}, {file}");
        Problem.ThrowUnless(
            !values.ContainsKey(Key), "config.invalid_value", $"A profile cannot choose a profile ({origin}).");
    }
}

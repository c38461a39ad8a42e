namespace Reeve.Hosting.Configuration;

/// <summary>A value that a flag of the command line gave to a key.</summary>
public sealed record FlagValue(string Key, string Flag, string Text);

/// <summary>A configuration file, and what it is called when something in it is refused.</summary>
public sealed record ConfigurationText(string Name, string Text);

/// <summary>All that configuration is made from, weakest first: files in order, then environment, then flags.</summary>
public sealed record SettingsSources(
    IReadOnlyList<ConfigurationText> Files,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<FlagValue> Flags);

using System.Collections.Immutable;

namespace Reeve.Hosting.Configuration;

/// <summary>A piece of a configuration file, with the line it begins on.</summary>
internal abstract record YamlNode(int Line);

internal sealed record YamlScalar(string Text, bool IsNull, int Line) : YamlNode(Line);

internal sealed record YamlList(ImmutableArray<YamlNode> Items, int Line) : YamlNode(Line);

internal sealed record YamlMap(ImmutableArray<YamlEntry> Entries, int Line) : YamlNode(Line);

internal sealed record YamlEntry(string Key, int Line, YamlNode Value);

using System.Collections.Immutable;
using Reeve.Authority.Labels;

namespace Reeve.Authority.Mandates;

/// <summary>A label as a mandate writes it down: names in order. Null sources are many, null readers
/// everyone.</summary>
public sealed record CeilingText(ImmutableArray<string>? Sources, ImmutableArray<string>? Readers)
{
    public static CeilingText Of(Label label) => new(
        label.Sources is { } sources ? Sorted(sources.Select(source => source.Name)) : null,
        label.ReadersOrEveryone is { } readers ? Sorted(readers.Select(reader => reader.Name)) : null);

    public Label ToLabel() => Label.Of(
        Sources?.Select(name => new SourceId(name)), Readers?.Select(name => new ReaderId(name)));

    private static ImmutableArray<string> Sorted(IEnumerable<string> names) =>
        [.. names.Order(StringComparer.Ordinal)];
}

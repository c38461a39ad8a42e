using System.Collections.Immutable;

namespace Reeve.Authority.Labels;

/// <summary>Where a value came from and who may read it.</summary>
/// <remarks>
/// A joined label is never more trusted than its parts: it has the sources of both, and only the readers that
/// both have. An unset label is the least trusted one, so whoever forgets a label gains nothing by it.
/// </remarks>
public readonly record struct Label
{
    /// <summary>Beyond this many sources a label says only "many".</summary>
    public const int SourcesMax = 64;

    // Unset fields say the least: no list of sources means many, no list of readers means nobody.
    private readonly ImmutableHashSet<SourceId>? _sources;
    private readonly ImmutableHashSet<ReaderId>? _readers;
    private readonly bool _isForEveryone;

    private Label(
        ImmutableHashSet<SourceId>? sources, ImmutableHashSet<ReaderId> readers, bool isForEveryone)
    {
        _sources = sources;
        _readers = readers;
        _isForEveryone = isForEveryone;
    }

    /// <summary>From anywhere, for nobody: the label of a value that has none.</summary>
    public static Label LeastTrusted => default;

    // Sets are immutable, so one serves all.
    private static readonly Label s_builtIn = new([], [], isForEveryone: true);

    /// <summary>What Reeve itself says: no source but our own text, and everyone may read it.</summary>
    public static Label BuiltIn => s_builtIn;

    public bool HasManySources => _sources is null;

    private ImmutableHashSet<ReaderId> Readers => _readers ?? [];

    /// <summary>The sources in no order; null when they are <em>many</em>.</summary>
    public IReadOnlyCollection<SourceId>? Sources => _sources;

    /// <summary>Who may read; null when everyone may.</summary>
    public IReadOnlyCollection<ReaderId>? ReadersOrEveryone => _isForEveryone ? null : Readers;

    /// <summary>Rebuilds a label from the parts that <see cref="Sources"/> and <see cref="ReadersOrEveryone"/>
    /// gave.</summary>
    public static Label Of(IEnumerable<SourceId>? sources, IEnumerable<ReaderId>? readersOrEveryone)
    {
        var named = sources?.ToImmutableHashSet();

        return new Label(
            named?.Count <= SourcesMax ? named : null,
            [.. readersOrEveryone ?? []],
            isForEveryone: readersOrEveryone is null);
    }

    public static Label From(SourceId source, params IEnumerable<ReaderId> readers) =>
        new([source], [.. readers], isForEveryone: false);

    public bool IsReadableBy(ReaderId reader) => _isForEveryone || Readers.Contains(reader);

    /// <summary>The label of a value made from two others.</summary>
    public Label Join(Label other)
    {
        var sources = other._sources is null || _sources is null ? null
            : IsWithin(other._sources, _sources) ? _sources
            : IsWithin(_sources, other._sources) ? other._sources : _sources.Union(other._sources);

        return new Label(
            sources?.Count <= SourcesMax ? sources : null,
            JoinReaders(other),
            _isForEveryone && other._isForEveryone);
    }

    /// <summary>True when a sink with this <paramref name="ceiling"/> may take a value so labelled.</summary>
    public bool FlowsTo(Label ceiling)
    {
        var hasOnlyAllowedSources =
            ceiling._sources is null || (_sources is not null && IsWithin(_sources, ceiling._sources));
        var hasNoNewReader =
            _isForEveryone || (!ceiling._isForEveryone && IsWithin(ceiling.Readers, Readers));

        return hasOnlyAllowedSources && hasNoNewReader;
    }

    public bool Equals(Label other) => FlowsTo(other) && other.FlowsTo(this);

    // Sets have no order, so neither has the hash.
    public override int GetHashCode() =>
        (_sources ?? []).Select(source => source.GetHashCode())
            .Concat(Readers.Select(reader => reader.GetHashCode()))
            .Aggregate(_isForEveryone.GetHashCode(), (hash, next) => hash ^ next);

    // Labels are compared at every step of a run, and IsSubsetOf copies the other set first.
    private static bool IsWithin<T>(ImmutableHashSet<T> some, ImmutableHashSet<T> all)
    {
        if (ReferenceEquals(some, all))
        {
            return true;
        }

        if (some.Count > all.Count)
        {
            return false;
        }

        foreach (var one in some)
        {
            if (!all.Contains(one))
            {
                return false;
            }
        }

        return true;
    }

    private ImmutableHashSet<ReaderId> JoinReaders(Label other)
    {
        if (_isForEveryone)
        {
            return other.Readers;
        }

        return other._isForEveryone || IsWithin(Readers, other.Readers) ? Readers : Readers.Intersect(other.Readers);
    }
}

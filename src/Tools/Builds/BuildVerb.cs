namespace Reeve.Tools.Builds;

/// <summary>What is asked of a project.</summary>
internal enum BuildVerb
{
    Build = 0,
    Test,
    Lint,
    Format,

    /// <summary>Say what <see cref="Format"/> would change, and change nothing.</summary>
    FormatCheck,

    /// <summary>Put in place what it depends on, from caches and without scripts.</summary>
    Packages,
}

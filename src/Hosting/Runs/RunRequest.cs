namespace Reeve.Hosting.Runs;

/// <summary>A run as a host asks for it, before configuration fills in what was not said.</summary>
/// <param name="Workspace">Absolute path of the folder to work in.</param>
/// <param name="Model">As <c>provider/name</c>; null takes the configured one.</param>
/// <param name="Criteria">Command lines Reeve runs on the final tree.</param>
/// <param name="Mode">One of the words of the permission modes; null takes the configured one.</param>
/// <param name="CanAsk">Whether a person may be asked; where not, what would be asked is denied.</param>
/// <param name="Apply"><c>ask</c>, <c>verified</c> or <c>never</c>.</param>
public sealed record RunRequest(
    string Goal,
    string Workspace,
    string? Model = null,
    IReadOnlyList<string>? Criteria = null,
    string? Mode = null,
    bool CanAsk = true,
    string Apply = "ask",
    int? TurnsMax = null,
    decimal? DollarsMax = null,
    string? RecordTo = null,
    string? IdempotencyKey = null)
{
    /// <summary>The JSON Schema that the answer must fit; empty where it may be any text.</summary>
    public string OutputSchema { get; init; } = "";

    /// <summary>Rules that are allowed, as <c>--allowedTools</c> gives them.</summary>
    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    /// <summary>Rules that are denied, as <c>--disallowedTools</c> gives them.</summary>
    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    /// <summary>Only what reads is carried out; all else is decided, told and left alone.</summary>
    public bool IsDryRun { get; init; }

    /// <summary>Full paths of further folders that the agent may read.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>Where it goes on from another run, the older parts of that are summarised first.</summary>
    public bool MustCompact { get; init; }

    /// <summary>What its session shall be called; null for none.</summary>
    public string? Session { get; init; }
}

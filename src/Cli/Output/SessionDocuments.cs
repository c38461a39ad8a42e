using Reeve.Hosting.Runs;
using Reeve.Hosting.Sessions;

namespace Reeve.Cli.Output;

/// <summary>A session in a list.</summary>
internal sealed record SessionDocument(
    string SessionId, string HeadRunId, string Name, string Goal, int Runs, string Status, DateTimeOffset BeganAt,
    DateTimeOffset UpdatedAt, bool Active, bool Erased)
{
    public static SessionDocument Of(SessionLine line) => new(
        line.Session.Run.ToString(), line.Head.Run.ToString(), line.Name, line.Goal, line.Runs, line.Status,
        line.BeganAt, line.UpdatedAt, line.IsActive, line.IsErased);
}

/// <summary>A session with its runs, oldest first.</summary>
internal sealed record SessionRunsDocument(SessionDocument Session, IReadOnlyList<RunLineDocument> Runs)
{
    public static SessionRunsDocument Of(SessionLine line, IEnumerable<RunLine> runs) =>
        new(SessionDocument.Of(line), [.. runs.Select(RunLineDocument.Of)]);
}

/// <summary>One line of an exported session.</summary>
internal sealed record ExportDocument(
    string RunId, long Sequence, string Kind, string Text, string Tool, IReadOnlyList<string>? Sources)
{
    public static ExportDocument Of(ExportedItem item) => new(
        item.Run.Run.ToString(), item.Sequence, item.Kind, item.Text, item.Tool, item.Sources);
}

/// <summary>A place a run can be brought back to.</summary>
internal sealed record RewindPointDocument(
    long At, string Kind, string Sentence, DateTimeOffset AtTime, bool ChangedFiles)
{
    public static RewindPointDocument Of(RewindPoint point) => new(
        point.At, point.Kind.ToString().ToLowerInvariant(), point.Sentence, point.AtTime, point.HasChangedFiles);
}

/// <summary>Where a run goes on from.</summary>
internal sealed record ForkDocument(
    string RunId, string ParentRunId, long At, long AskedAt, bool New, string? AppliedRunId)
{
    public static ForkDocument Of(ForkReport report) => new(
        report.Run.Run.ToString(), report.Parent.Run.ToString(), report.At, report.AskedAt, report.IsNew,
        report.Applied?.Run.ToString());
}

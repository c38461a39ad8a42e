using Reeve.Kernel.Journal;
using Reeve.Kernel.Views;

namespace Reeve.Kernel.Runs;

/// <summary>Which run goes on from where, with what files.</summary>
/// <param name="Run">The new run; its view is there already.</param>
/// <param name="HasPrompt">Whether its goal is new, or still that of the parent.</param>
/// <param name="Tree">What its view holds.</param>
public sealed record Succession(RunId Run, ForkSource Source, OriginKind Kind, bool HasPrompt, TreeDigest Tree)
{
    /// <summary>What it goes on from is summarised before the model is asked.</summary>
    public bool MustCompact { get; init; }

    /// <summary>A fork begins a line of its own; all else stays in that of the parent.</summary>
    public RunId Session => Kind == OriginKind.Fork ? Run : Source.Record.Session;
}

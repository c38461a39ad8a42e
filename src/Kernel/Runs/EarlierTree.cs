using Reeve.Kernel.Journal;

namespace Reeve.Kernel.Runs;

/// <summary>A tree that a run had, and can have again.</summary>
/// <param name="Tree">The digest of its checkpoint.</param>
/// <param name="TreeId">Its name in the journal.</param>
public sealed record EarlierTree(PayloadRef Tree, string TreeId)
{
    /// <summary>How far back a run can go by itself.</summary>
    public const int CountMax = 100;
}

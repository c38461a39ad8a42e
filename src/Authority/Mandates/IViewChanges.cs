namespace Reeve.Authority.Mandates;

/// <summary>The right to see what the view of a run has other than the workspace it was made from.</summary>
/// <remarks>The texts are not labelled: who shows them joins the labels of the files they are of.</remarks>
public interface IViewChanges : IGrant
{
    Task<IReadOnlyList<ViewedChange>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>One changed path: what happened, and the unified difference where there is one.</summary>
public sealed record ViewedChange(string Path, string Kind, int Added, int Removed, string UnifiedDiff);

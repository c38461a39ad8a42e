namespace Reeve.Kernel.Views;

/// <summary>A run's copy-on-write view of the workspace: the only tree its tools and commands ever see.</summary>
/// <remarks>
/// The user's own tree changes only when a reviewed diff is applied. What the sandbox writes, the file grants
/// see, and the reverse, in each kind of view.
/// </remarks>
public interface IWorkspaceView
{
    ViewKind Kind { get; }

    /// <summary>Records the present tree durably so that <see cref="RestoreAsync"/> can bring it back.</summary>
    Task<TreeDigest> CheckpointAsync(CancellationToken cancellationToken);

    /// <summary>The digest of the present tree, without recording anything.</summary>
    Task<TreeDigest> DigestAsync(CancellationToken cancellationToken);

    /// <summary>Brings back exactly the tree of an earlier checkpoint.</summary>
    Task RestoreAsync(TreeDigest checkpoint, CancellationToken cancellationToken);

    /// <summary>What differs from the workspace as it was when the view was made, in path order.</summary>
    Task<IReadOnlyList<Change>> DiffAsync(CancellationToken cancellationToken);
}

/// <summary>How a view keeps the user's tree unchanged.</summary>
public enum ViewKind
{
    Copy = 0,
    Reflink,
    Overlay,
}

/// <summary>SHA-256 over the changed paths of a view with their kinds, modes and contents, in path order.</summary>
/// <remarks>Equal digests of one run mean equal trees. Ignored files (.gitignore) and <c>.git</c> take part
/// too.</remarks>
public readonly record struct TreeDigest(string Hex)
{
    public static TreeDigest None => new(string.Empty);

    public override string ToString() => Hex;
}

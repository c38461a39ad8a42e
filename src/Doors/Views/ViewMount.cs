namespace Reeve.Doors.Views;

/// <summary>How a sandbox reaches a view's tree.</summary>
/// <param name="BindSource">The directory to bind at the workspace's place, as seen after the prefix.</param>
/// <param name="LaunchPrefix">
/// Arguments before the launcher's own, entering the namespaces in which the tree is mounted; empty where it is
/// an ordinary directory. The prefix runs with Reeve's own identity: the drop to <paramref name="Uid"/> follows it.
/// </param>
/// <param name="Uid">Who owns the tree and whom the launcher becomes; null where that is Reeve's own user.</param>
public sealed record ViewMount(string BindSource, IReadOnlyList<string> LaunchPrefix, uint? Uid)
{
    /// <summary>
    /// As root: the mount namespace in which <see cref="BindSource"/> exists, as a name that this process can open.
    /// A thread that joins it needs no prefix. Null where the tree is an ordinary directory.
    /// </summary>
    public string? MountNamespace { get; init; }

    /// <summary>
    /// The directory of the host in which the view grows, for the disk limit; null where that is the tree itself.
    /// </summary>
    public string? GrowthDirectory { get; init; }
}

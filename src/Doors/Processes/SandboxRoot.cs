namespace Reeve.Doors.Processes;

/// <summary>The tree that a sandbox shows at <c>/workspace</c>, and as whom it may be written.</summary>
/// <param name="BindSource">The directory to bind, as the launching side sees it.</param>
/// <param name="User">
/// The uid that owns the tree. Where Reeve runs as root the command runs as this uid, which must not be zero;
/// elsewhere it is our own.
/// </param>
/// <param name="Group">The gid, as above.</param>
public sealed record SandboxRoot(string BindSource, uint User, uint Group)
{
    public string BindSource { get; } = Path.IsPathFullyQualified(BindSource)
        ? BindSource
        : throw new ArgumentException("A sandbox is bound by a full path.", nameof(BindSource));

    /// <summary>
    /// A program and arguments that put bubblewrap where <see cref="BindSource"/> exists, as
    /// <c>nsenter --target PID --user --mount --preserve-credentials --</c> for a tree that is mounted in a
    /// namespace of its own. Empty for a plain directory.
    /// It runs as Reeve; the drop to <see cref="User"/> follows it. Toolchains must be reachable behind it.
    /// </summary>
    public IReadOnlyList<string> LaunchPrefix { get; init; } = [];

    /// <summary>
    /// As root: the mount namespace in which <see cref="BindSource"/> exists. The thread of the sandbox joins it, so
    /// that what it binds beside the tree can be prepared there too. Null for a plain directory.
    /// </summary>
    public string? MountNamespace { get; init; }

    /// <summary>
    /// The directory of the host whose changed files count against the disk limit: the upper layer of an
    /// overlay, or the tree itself. Null means <see cref="BindSource"/>.
    /// </summary>
    public string? GrowthDirectory { get; init; }

    /// <summary>What of the tree commands must not see, asked anew before each of them.</summary>
    public Func<IReadOnlyList<SandboxMask>> Masks { get; init; } = () => [];

    /// <summary>False where the command only looks.</summary>
    public bool CanChange { get; init; } = true;

    /// <summary>Reeve's own identity on the given directory.</summary>
    public static SandboxRoot Of(string directory, RunUser? user = null) => user is null
        ? new SandboxRoot(directory, Native.EffectiveUser(), Native.EffectiveGroup())
        : new SandboxRoot(directory, user.Id, user.Id);
}

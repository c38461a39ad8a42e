namespace Reeve.Doors.Processes;

/// <summary>A folder of the host that commands may read at a path of its own, and never change.</summary>
/// <param name="Inside">Its full path in the sandbox.</param>
/// <param name="Directory">Its full path on the host.</param>
public sealed record SandboxFolder(string Inside, string Directory)
{
    /// <summary>What of it commands must not see, asked anew before each of them.</summary>
    public Func<IReadOnlyList<SandboxMask>> Masks { get; init; } = () => [];

    public override string ToString() => $"{Inside}|{Directory}";
}

namespace Reeve.Authority.Mandates;

/// <summary>How a command ended. Exactly one of exit code, signal and limit explains the end.</summary>
/// <param name="ExitCode">The command's own exit code; null when it was killed.</param>
/// <param name="Signal">The signal that killed it, as <c>SIGKILL</c>; null when it exited.</param>
/// <param name="Limit">The limit that ended it; <see cref="CommandLimit.None"/> when none did.</param>
/// <param name="Output">Standard output, head and tail kept.</param>
/// <param name="ErrorOutput">Standard error, head and tail kept.</param>
/// <param name="WallTime">From release of the command to the last reaped process.</param>
/// <param name="MemoryBytesPeak">Peak of the whole tree as far as it was measured; zero when unknown.</param>
/// <param name="SandboxTier">The tier it ran in, as <c>bubblewrap</c>.</param>
/// <param name="ChangedFiles">False only when it is certain that the view was left as it was.</param>
public sealed record CommandResult(
    int? ExitCode,
    string? Signal,
    CommandLimit Limit,
    OutputText Output,
    OutputText ErrorOutput,
    TimeSpan WallTime,
    long MemoryBytesPeak,
    string SandboxTier,
    bool ChangedFiles = true);

/// <summary>Captured output: what was kept, how much there was, and whether something is missing.</summary>
public sealed record OutputText(ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Tail, long BytesTotal)
{
    public static OutputText Empty { get; } = new(default, default, 0);

    public bool IsTruncated => BytesTotal > Head.Length + Tail.Length;
}

/// <summary>The limits that end a command.</summary>
public enum CommandLimit
{
    None = 0,
    WallTime,
    CpuTime,
    Memory,
    Processes,
    FileSize,
    Disk,
    Output,
    Cancelled,
}

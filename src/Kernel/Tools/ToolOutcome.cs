namespace Reeve.Kernel.Tools;

/// <summary>What came of a call.</summary>
public enum ToolOutcome
{
    /// <summary>A bug of ours, shown as <c>internal</c>.</summary>
    Broken = 0,
    Done,

    /// <summary>It ran and says itself that it failed, as a command with a non-zero exit.</summary>
    Failed,

    /// <summary>Refused by the gate, a grant or the tool before it had an effect.</summary>
    Refused,
    Cancelled,
}

/// <summary>A call as the reply asked for it: the tool's name when it is one of ours, else empty.</summary>
public sealed record AskedCall(int Index, string Tool);

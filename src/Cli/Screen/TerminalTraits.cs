namespace Reeve.Cli.Screen;

/// <summary>What is at the other ends of the three streams.</summary>
internal sealed record TerminalTraits(
    bool IsInputTerminal, bool IsOutputTerminal, bool IsErrorTerminal, bool HasOutputColor,
    bool HasErrorColor, int Width)
{
    /// <summary>Whether the cursor can be sent elsewhere; colours are another matter.</summary>
    public bool CanMove { get; init; }

    public static TerminalTraits None { get; } = new(false, false, false, false, false, 80);
}

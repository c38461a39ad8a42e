using System.Text;
using Reeve.Authority;
using Reeve.Cli.Interactive.Display;
using Reeve.Cli.Screen;
using Reeve.Doors.Terminals;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Interactive;

/// <summary>What a session begins with.</summary>
/// <param name="Flags">What was said on the command line; <c>/model</c> and <c>/mode</c> say it anew.</param>
internal sealed record SessionStart(World World, IReeveHost Host, IReadOnlyList<FlagValue> Flags, string Workspace)
{
    /// <summary>Whether a person sits at this terminal, and the cursor can be moved on it.</summary>
    public static bool IsPossible(TerminalTraits traits) =>
        traits is { IsInputTerminal: true, IsOutputTerminal: true, IsErrorTerminal: true, CanMove: true };

    /// <summary>The run to go on from; null for a session of its own.</summary>
    public RunKey? Head { get; init; }

    /// <summary>Rules of the command line; they hold for every turn.</summary>
    public IReadOnlyList<string> AllowedTools { get; init; } = [];

    public IReadOnlyList<string> DisallowedTools { get; init; } = [];

    /// <summary>Full paths of further folders that every turn may read.</summary>
    public IReadOnlyList<string> Folders { get; init; } = [];

    /// <summary>The first prompt has what went before it summarised first.</summary>
    public bool CompactsNext { get; init; }

    public async Task<ExitCode> RunAsync(CancellationToken stop)
    {
        using var raw = RawTerminal.TryOpen()
            ?? throw new ProblemException(new Problem(
                "usage.no_terminal", "This is no terminal that keys can be read from; say reeve \"goal\"."));
        await using var output = new StreamWriter(raw.Screen, new UTF8Encoding(false), bufferSize: 16 * 1024);
        var area = new LiveArea(output, () => RawTerminal.Size, World.Terminal.Traits.HasOutputColor);
        using var session = new InteractiveSession(this, raw, area);
        return await session.RunAsync(stop);
    }
}

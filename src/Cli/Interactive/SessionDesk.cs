using Reeve.Cli.Screen;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive;

/// <summary>What a slash command may use of the session it is typed into.</summary>
internal sealed class SessionDesk(World world, Conversation conversation)
{
    public World World => world;

    public Terminal Terminal => world.Terminal;

    public Conversation Conversation => conversation;

    /// <summary>True while a turn or a command of the person runs.</summary>
    public bool IsWorking { get; set; }

    public bool IsLeaving { get; set; }

    /// <summary>A run that is to be carried on once the command is done; null where none is.</summary>
    public RunKey? Next { get; set; }

    /// <summary>The verb of the command line, with this terminal.</summary>
    public Task<int> VerbAsync(params IReadOnlyList<string> arguments) =>
        Cli.CommandLine.RunAsync(arguments, world);

    /// <summary>The same for a verb of a run.</summary>
    public Task<int> VerbAsync(string verb, RunKey run, string arguments) => VerbAsync(
        [verb, run.Run.ToString(), .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    /// <summary>The head, ended: what was interrupted and parked cannot be applied.</summary>
    public async Task<RunKey> EndedHeadAsync(CancellationToken stop)
    {
        var head = conversation.HeadOrRefuse();
        var report = await conversation.Host.ReportAsync(head, stop);

        if (!report.Status.IsFinal())
        {
            await conversation.Host.CancelAsync(head, stop);
            Terminal.Error(new Piece("  the interrupted turn is ended", Style.Dim));
        }

        return head;
    }
}

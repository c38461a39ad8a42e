using System.CommandLine;

namespace Reeve.Cli.Commands;

/// <summary>Throws the view of a run away. The user's files and the journal stay.</summary>
internal sealed class DiscardCommand : ReeveCommand
{
    private readonly RunFlags _run;

    public DiscardCommand(World world)
        : base("discard", "Throw the changes of a run away; the record stays.", world)
    {
        _run = new RunFlags(this);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
        parse, _run,
        async (host, run) =>
        {
            await host.DiscardAsync(run, stop);
            World.Terminal.Out("✓ discarded; your files were not touched");
            return ExitCode.Ok;
        },
        stop);
}

using System.CommandLine;

namespace Reeve.Cli.Commands;

/// <summary>Ends a run, whichever process works on it, and returns when nothing of it is left.</summary>
internal sealed class CancelCommand : ReeveCommand
{
    private readonly RunFlags _run;

    public CancelCommand(World world)
        : base("cancel", "End a run, whoever works on it.", world)
    {
        _run = new RunFlags(this);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
        parse, _run,
        async (host, run) =>
        {
            await host.CancelAsync(run, stop);
            World.Terminal.Out("✓ cancelled; nothing of the run is left running");
            return ExitCode.Ok;
        },
        stop);
}

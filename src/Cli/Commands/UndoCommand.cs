using System.CommandLine;

namespace Reeve.Cli.Commands;

/// <summary>Takes applied changes back, unless the user changed the same files since.</summary>
internal sealed class UndoCommand : ReeveCommand
{
    private readonly RunFlags _run;
    private readonly Option<bool> _json = Flags.Json();

    public UndoCommand(World world)
        : base("undo", "Take back what was applied.", world)
    {
        _run = new RunFlags(this);
        Add(_json);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
        parse, _run,
        async (host, run) =>
            ApplyCommand.Write(World, await host.UndoAsync(run, stop), run, "taken back", parse.GetValue(_json)),
        stop);
}

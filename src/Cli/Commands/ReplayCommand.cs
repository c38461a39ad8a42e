using System.CommandLine;
using System.Text.Json;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Commands;

/// <summary>Reproduces a run from its journal, without network, model or sandbox.</summary>
internal sealed class ReplayCommand : ReeveCommand
{
    private readonly RunFlags _run;
    private readonly Option<bool> _json = Flags.Json();

    public ReplayCommand(World world)
        : base("replay", "Reproduce a run from its journal alone.", world)
    {
        _run = new RunFlags(this);
        Add(_json);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
        parse, _run,
        async (host, run) =>
            Write(World, await host.ReplayAsync(run, stop), run, "replayed: every step is the one that was recorded",
                parse.GetValue(_json)),
        stop);

    internal static ExitCode Write(World world, JournalReport report, RunKey run, string good, bool isJson)
    {
        var exitCode = report.Fault is null ? ExitCode.Ok : ExitCode.JournalBroken;

        if (isJson)
        {
            world.Terminal.Out(JsonSerializer.Serialize(
                JournalDocument.Of(run.Run.ToString(), report), Documents.Default.JournalDocument));
        }
        else if (report.Fault is { } fault)
        {
            world.Terminal.Error(
                new Piece("✗ ", Style.Bad), $"{fault.Code} at entry {fault.Sequence}: {fault.Message}");
        }
        else
        {
            world.Terminal.Out(new Piece("✓ ", Style.Good), good);
            world.Terminal.Out(new Piece($"  {report.Entries} entries · head {report.Head}", Style.Dim));
        }

        return exitCode;
    }
}

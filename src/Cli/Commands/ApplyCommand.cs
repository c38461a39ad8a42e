using System.CommandLine;
using System.Text.Json;
using Reeve.Cli.Output;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Commands;

/// <summary>Writes the changes of a run to the user's files, all or nothing.</summary>
internal sealed class ApplyCommand : ReeveCommand
{
    private readonly RunFlags _run;
    private readonly Option<bool> _ignored = Flags.Switch(
        "--include-ignored", "Also what .gitignore matches, as build output.");
    private readonly Option<bool> _json = Flags.Json();

    public ApplyCommand(World world)
        : base("apply", "Write the changes of a run to your files, all or nothing.", world)
    {
        _run = new RunFlags(this);
        Add(_ignored);
        Add(_json);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
        parse, _run,
        async (host, run) =>
        {
            var report = await host.ApplyAsync(run, parse.GetValue(_ignored), reviewedTree: null, stop);
            return Write(World, report, run, "applied", parse.GetValue(_json));
        },
        stop);

    internal static ExitCode Write(World world, ApplyReport report, RunKey run, string verb, bool isJson)
    {
        if (isJson)
        {
            world.Terminal.Out(JsonSerializer.Serialize(ApplyDocument.Of(report), Documents.Default.ApplyDocument));
        }
        else
        {
            ApplyWords.Write(
                report, run.Run.ToString()[..RunWords.ShortIdLength], verb,
                report.IsDone ? world.Terminal.Out : world.Terminal.Error);
        }

        return report.IsDone || report.Conflicts.Count == 0 ? ExitCode.Ok : ExitCode.Conflict;
    }
}

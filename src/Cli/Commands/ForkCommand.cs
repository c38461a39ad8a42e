using System.CommandLine;
using Reeve.Cli.Live;
using Reeve.Cli.Output;

namespace Reeve.Cli.Commands;

/// <summary>Begins a session of its own where a run stood, with its files and its conversation.</summary>
internal sealed class ForkCommand : ReeveCommand
{
    private readonly RunFlags _run;
    private readonly BranchFlags _branch;
    private readonly Option<string?> _session = Flags.Text("--session", "NAME", "What the new session is called.");

    public ForkCommand(World world)
        : base("fork", "Begin anew at any entry of a run, with another prompt, model or mandate.", world)
    {
        _run = new RunFlags(this);
        _branch = new BranchFlags(this, "The last entry that is kept; the end by default.");
        Add(_session);
    }

    protected override OutputFormat FormatOf(ParseResult parse) => _branch.FormatOf(parse);

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var format = OutputFormats.Parse(parse.GetValue(_branch.Format)!);
        var at = _branch.AtOf(parse);
        var settings = ReadSettings(_branch.SettingsOf(parse));

        return WithRunAsync(
            parse, _run, settings,
            async (host, run) =>
            {
                var request = _branch.RequestOf(parse, settings, World) with
                {
                    Session = parse.GetValue(_session),
                };
                var report = await host.ForkAsync(run, at, request, stop);
                World.Trail.Run = report.Run;
                ForkWords.Write(World.Terminal, report, "forked from");
                return await new RunFollower(World, host, settings, format)
                    .FollowAsync(report.Run, settings.Apply, stop);
            },
            stop);
    }
}

using System.CommandLine;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Live;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Commands;

/// <summary>Brings files and context of a run back together, or lists where they can be brought back to.</summary>
internal sealed class RewindCommand : ReeveCommand
{
    private readonly RunFlags _run;
    private readonly BranchFlags _branch;
    private readonly Option<bool> _json = Flags.Json("Print the places as one JSON array.");

    public RewindCommand(World world)
        : base("rewind", "Bring files and context of a run back together; without --at, list where to.", world)
    {
        _run = new RunFlags(this);
        _branch = new BranchFlags(this, "The last entry that is kept.");
        Add(_json);
    }

    protected override OutputFormat FormatOf(ParseResult parse) =>
        parse.GetValue(_json) ? OutputFormat.Json : _branch.FormatOf(parse);

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var at = _branch.AtOf(parse);
        var settings = ReadSettings(_branch.SettingsOf(parse));

        return WithRunAsync(
            parse, _run, settings,
            (host, run) => at is { } entry
                ? RewindAsync(parse, settings, host, run, entry, stop)
                : ListAsync(parse, settings, host, run, stop),
            stop);
    }

    private async Task<ExitCode> RewindAsync(
        ParseResult parse, Settings settings, IReeveHost host, RunKey run, long at, CancellationToken stop)
    {
        var format = OutputFormats.Parse(parse.GetValue(_branch.Format)!);
        var request = _branch.RequestOf(parse, settings, World);
        var report = await host.RewindAsync(run, at, request, stop);
        World.Trail.Run = report.Run;

        if (request.Goal.Length > 0)
        {
            ForkWords.Write(World.Terminal, report, "rewound from");
            ForkWords.WriteApplied(World.Terminal, report);
            return await new RunFollower(World, host, settings, format)
                .FollowAsync(report.Run, settings.Apply, stop);
        }

        if (format == OutputFormat.Text && !parse.GetValue(_json))
        {
            Tell(report, (await host.DiffAsync(report.Run, stop)).Count(change => !change.IsIgnored));
        }
        else
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                ForkDocument.Of(report), Documents.Default.ForkDocument));
        }

        return ExitCode.Ok;
    }

    private void Tell(ForkReport report, int changes)
    {
        ForkWords.Write(World.Terminal, report, "rewound from");
        ForkWords.WriteApplied(World.Terminal, report);
        World.Terminal.Out(
            new Piece("✓ ", Style.Good),
            $"rewound to entry {report.At}: {RunWords.Count(changes, "path")} of the view differ from your folder");
        World.Terminal.Out(new Piece("  go on: reeve -c \"…\"", Style.Dim));
    }

    private async Task<ExitCode> ListAsync(
        ParseResult parse, Settings settings, IReeveHost host, RunKey run, CancellationToken stop)
    {
        Problem.ThrowUnless(
            _branch.RequestOf(parse, settings, World).Goal.Length == 0, "usage.invalid_value",
            "Say where to go back to: --at N; without a prompt the places are listed.");
        var points = await host.RewindPointsAsync(run, stop);

        if (parse.GetValue(_json))
        {
            World.Terminal.Out(JsonSerializer.Serialize(
                [.. points.Select(RewindPointDocument.Of)], Documents.Default.RewindPointDocumentArray));
            return ExitCode.Ok;
        }

        foreach (var point in points)
        {
            var kind = point.Kind switch
            {
                RewindPointKind.Prompt => "you",
                RewindPointKind.Answer => "agent",
                _ => point.HasChangedFiles ? "files" : "calls",
            };
            World.Terminal.Out(
                new Piece($"{point.At,6}", Style.Bold), new Piece($"  {kind,-6} ", Style.Dim),
                InertText.OneLine(point.Sentence, 100));
        }

        World.Terminal.Error(new Piece($"Go back: reeve rewind {ForkWords.Short(run)} --at N", Style.Dim));
        return ExitCode.Ok;
    }
}

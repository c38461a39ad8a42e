using System.CommandLine;
using System.Text.Json;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>Lists runs, newest first.</summary>
internal sealed class RunsCommand : ReeveCommand
{
    public const int RunsMax = 1_000, RunsShownMax = 30;

    private readonly Option<bool> _all = Flags.Switch("--all", "Runs of every folder, and as many as there are.");
    private readonly Option<bool> _json = Flags.Json("Print one JSON array.");
    private readonly Option<string?> _folder = Flags.Folder();

    public RunsCommand(World world)
        : base("runs", "List the runs of this folder.", world)
    {
        Add(_all);
        Add(_json);
        Add(_folder);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var isAll = parse.GetValue(_all);
        var workspace = isAll ? null : WorkspaceOf(parse, _folder);

        return WithHostAsync(
            ReadSettings(),
            async host =>
            {
                var runs = await host.ListAsync(workspace, isAll ? RunsMax : RunsShownMax, stop);

                if (parse.GetValue(_json))
                {
                    World.Terminal.Out(JsonSerializer.Serialize(
                        [.. runs.Select(RunLineDocument.Of)], Documents.Default.RunLineDocumentArray));
                    return ExitCode.Ok;
                }

                foreach (var run in runs)
                {
                    World.Terminal.Out(
                        new Piece(run.Run.Run.ToString()[..RunWords.ShortIdLength], Style.Bold),
                        $"  {run.CreatedAt.ToLocalTime():yyyy-MM-dd HH:mm}  {run.Status,-13}  ",
                        new Piece($"{RunWords.Dollars(run.CostDollars),8}  {RunWords.Count(run.Turns, "turn"),-10}  ",
                            Style.Dim),
                        InertText.OneLine(run.Goal, 60),
                        new Piece(run.IsStale ? "  stale" : "", Style.Warning));
                }

                if (runs.Count == 0)
                {
                    World.Terminal.Error(isAll
                        ? "No runs yet."
                        : "No runs of this folder; --all lists those of every folder.");
                }

                return ExitCode.Ok;
            },
            stop);
    }
}

using System.CommandLine;
using System.Text.Json;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Commands;

/// <summary>Shows a run: its state, proof, changes and bill, or its whole journal.</summary>
internal sealed class ShowCommand : ReeveCommand
{
    public const int TextShownLengthMax = 2_000;

    private readonly RunFlags _run;
    private readonly Option<bool> _json = Flags.Json("Print one JSON object; with --journal, one a line.");
    private readonly Option<bool> _journal = Flags.Switch("--journal", "Print every entry of the journal.");

    public ShowCommand(World world)
        : base("show", "Show a run, or its journal.", world)
    {
        _run = new RunFlags(this);
        Add(_json);
        Add(_journal);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
        parse, _run,
        async (host, run) =>
        {
            if (parse.GetValue(_journal))
            {
                await WriteJournalAsync(host, run, parse.GetValue(_json), stop);
                return ExitCode.Ok;
            }

            var report = await host.ReportAsync(run, stop);

            if (parse.GetValue(_json))
            {
                World.Terminal.Out(JsonSerializer.Serialize(
                    RunDocument.Of(report, ExitCodes.Of(report)), Documents.Default.RunDocument));
            }
            else
            {
                Write(report);
            }

            return ExitCode.Ok;
        },
        stop);

    private void Write(RunReport report)
    {
        World.Terminal.Out(
            new Piece(report.Run.Run.ToString(), Style.Bold),
            new Piece(
                $"  {report.Model} · {RunWords.Count(report.Turns, "turn")} · "
                + $"{report.StartedAt.ToLocalTime():yyyy-MM-dd HH:mm}", Style.Dim));
        World.Terminal.Out(new Piece("› ", Style.Accent), report.Goal);

        if (report.Result.Length > 0)
        {
            World.Terminal.Out(report.Result.TrimEnd());
        }

        RunSummary.Write(report, World.Terminal.Out);
    }

    private async Task WriteJournalAsync(IReeveHost host, RunKey run, bool isJson, CancellationToken stop)
    {
        await foreach (var shown in host.EntriesAsync(run, 1, stop))
        {
            if (isJson)
            {
                World.Terminal.Out(EntryText.ToJson(shown.Entry, payload => shown.Texts.GetValueOrDefault(payload)));
                continue;
            }

            var entry = shown.Entry;
            World.Terminal.Out(
                new Piece($"{entry.Sequence,5}  {entry.At.ToLocalTime():HH:mm:ss.fff}  ", Style.Dim),
                new Piece($"{EventTypes.NameOf(entry.Body),-20}", Style.Bold),
                new Piece(entry.Call is { } call ? $"  call {call}" : "", Style.Dim));

            foreach (var payload in entry.Payloads.Distinct())
            {
                if (shown.Texts.TryGetValue(payload, out var text) && text.Length > 0)
                {
                    World.Terminal.Out(new Piece($"         {InertText.OneLine(text, TextShownLengthMax)}", Style.Dim));
                }
            }
        }
    }
}

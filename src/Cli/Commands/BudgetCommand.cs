using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;

namespace Reeve.Cli.Commands;

/// <summary>What runs cost, and what one would.</summary>
internal sealed class BudgetCommand : Command
{
    public BudgetCommand(World world)
        : base("budget", "Say what runs cost, call by call, before and after.")
    {
        Add(new ExplainCommand(world));
        Add(new EstimateCommand(world));
        Add(new LedgerCommand(world));
    }

    /// <summary>Prints what each call of a run reserved, was charged and gave back.</summary>
    private sealed class ExplainCommand : ReeveCommand
    {
        private readonly RunFlags _run;
        private readonly Option<bool> _json = Flags.Json();

        public ExplainCommand(World world)
            : base("explain", "Say where the budget of a run went, call by call.", world)
        {
            _run = new RunFlags(this);
            Add(_json);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
            parse, _run,
            async (host, run) =>
            {
                var explanation = await host.ExplainBudgetAsync(run, stop);

                if (parse.GetValue(_json))
                {
                    World.Terminal.Out(JsonSerializer.Serialize(
                        BudgetDocument.Of(run.Run.ToString(), explanation), Documents.Default.BudgetDocument));
                }
                else
                {
                    BudgetWords.Write(explanation, World.Terminal.Out);
                }

                return ExitCode.Ok;
            },
            stop);
    }

    /// <summary>Says between which bounds a run would cost; nothing is begun.</summary>
    private sealed class EstimateCommand : ReeveCommand
    {
        private readonly Argument<string> _goal = new("GOAL") { Description = "What would be achieved." };
        private readonly Option<string?> _model = Flags.Text(
            "--model", "PROVIDER/NAME", "The model that would be used.");
        private readonly Option<string?> _turns = Flags.Text("--max-turns", "N", "End the run after so many replies.");
        private readonly Option<string?> _dollars = Flags.Text("--max-budget-usd", "DOLLARS", "What the run may cost.");
        private readonly Option<string?> _profile = Flags.Profile();
        private readonly Option<string?> _folder = Flags.Folder();
        private readonly Option<bool> _json = Flags.Json();

        public EstimateCommand(World world)
            : base("estimate", "Say what a run would cost at least and at most; no model is asked.", world)
        {
            Add(_goal);
            Add(_model);
            Add(_turns);
            Add(_dollars);
            Add(_profile);
            Add(_folder);
            Add(_json);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            (Option<string?> Option, string Key)[] known =
                [(_model, "model"), (_turns, "limits.turns"), (_dollars, "limits.dollars"), (_profile, "profile")];
            var settings = ReadSettings(
            [
                .. known.Where(flag => parse.GetValue(flag.Option) is not null)
                    .Select(flag => new FlagValue(flag.Key, flag.Option.Name, parse.GetValue(flag.Option)!)),
            ]);
            var request = new RunRequest(
                parse.GetValue(_goal)!, WorkspaceOf(parse, _folder), settings.Model, TurnsMax: settings.Limits.Turns,
                DollarsMax: settings.Limits.Dollars);

            return WithHostAsync(
                settings,
                host =>
                {
                    var estimate = host.Estimate(request);

                    if (parse.GetValue(_json))
                    {
                        World.Terminal.Out(JsonSerializer.Serialize(
                            EstimateDocument.Of(estimate), Documents.Default.EstimateDocument));
                    }
                    else
                    {
                        BudgetWords.Write(estimate, World.Terminal.Out);
                    }

                    return Task.FromResult(ExitCode.Ok);
                },
                stop);
        }
    }

    /// <summary>Exports what all runs cost, in columns that do not change.</summary>
    private sealed class LedgerCommand : ReeveCommand
    {
        private readonly Option<string?> _since = Flags.Text(
            "--since", "DATE", "Only runs from this day (UTC) on, as 2026-01-31.");
        private readonly Option<string> _format = Flags.Of(
            new Option<string>("--format")
            {
                Description = "csv or jsonl.", HelpName = "FORMAT", DefaultValueFactory = _ => "csv",
            },
            "csv", "jsonl");

        public LedgerCommand(World world)
            : base("ledger", "Export what all runs cost, a line for each run and model.", world)
        {
            Add(_since);
            Add(_format);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var format = parse.GetValue(_format);
            var since = DateTimeOffset.MinValue;
            var isGiven = parse.GetValue(_since) is { } text;

            if (format is not ("csv" or "jsonl"))
            {
                RefuseValue("--format", "csv or jsonl");
            }

            if (isGiven && !DateTimeOffset.TryParseExact(
                parse.GetValue(_since), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                    out since))
            {
                RefuseValue("--since", "a date, as 2026-01-31");
            }

            return WithHostAsync(
                ReadSettings(),
                async host =>
                {
                    var lines = (await host.LedgerAsync(since, stop)).Select(LedgerDocument.Of);

                    if (format == "csv")
                    {
                        World.Terminal.Out(string.Join(',', LedgerDocument.Columns));
                    }

                    foreach (var line in lines)
                    {
                        World.Terminal.Out(format == "csv"
                            ? line.ToCsv() : JsonSerializer.Serialize(line, Documents.Default.LedgerDocument));
                    }

                    return ExitCode.Ok;
                },
                stop);
        }
    }
}

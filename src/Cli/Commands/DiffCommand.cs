using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>Shows what a run changed in its view.</summary>
internal sealed class DiffCommand : ReeveCommand
{
    private readonly RunFlags _run;
    private readonly Option<bool> _stat = Flags.Switch("--stat", "Only paths and numbers of lines.");
    private readonly Option<bool> _raw = Flags.Switch(
        "--raw", "Byte for byte, for another program; refused on a terminal.");

    public DiffCommand(World world)
        : base("diff", "Show what a run changed.", world)
    {
        _run = new RunFlags(this);
        Add(_stat);
        Add(_raw);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var isRaw = parse.GetValue(_raw);
        Problem.ThrowUnless(
            !isRaw || !World.Terminal.Traits.IsOutputTerminal, "usage.invalid_value",
            "--raw writes what files say as they say it; send it to a file or a program.");

        return WithRunAsync(
            parse, _run,
            async (host, run) =>
            {
                var changes = await host.DiffAsync(run, stop);

                foreach (var change in changes)
                {
                    if (isRaw)
                    {
                        World.Terminal.OutVerbatim(change.UnifiedDiff);
                    }
                    else if (parse.GetValue(_stat))
                    {
                        DiffText.WriteCount(change, World.Terminal.Out);
                    }
                    else
                    {
                        DiffText.Write(change, World.Terminal.Out);
                    }
                }

                if (changes.Count == 0)
                {
                    World.Terminal.Error(new Piece("Nothing was changed.", Style.Dim));
                }

                return ExitCode.Ok;
            },
            stop);
    }
}

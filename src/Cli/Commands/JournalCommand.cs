using System.CommandLine;

namespace Reeve.Cli.Commands;

/// <summary>What can be done with a journal itself.</summary>
internal sealed class JournalCommand : Command
{
    public JournalCommand(World world)
        : base("journal", "Check the record of a run.") => Add(new VerifyCommand(world));

    /// <summary>Walks the chain of a journal and names the first entry that does not fit.</summary>
    private sealed class VerifyCommand : ReeveCommand
    {
        private readonly RunFlags _run;
        private readonly Option<bool> _json = Flags.Json();

        public VerifyCommand(World world)
            : base("verify", "Verify that a journal is whole and unaltered.", world)
        {
            _run = new RunFlags(this);
            Add(_json);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop) => WithRunAsync(
            parse, _run,
            async (host, run) => ReplayCommand.Write(
                World, await host.VerifyAsync(run, stop), run, "the journal is whole and unaltered",
                parse.GetValue(_json)),
            stop);
    }
}

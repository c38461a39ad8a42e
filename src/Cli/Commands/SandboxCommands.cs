using System.CommandLine;
using System.Text;
using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Cli.Operator;
using Reeve.Cli.Output;
using Command = System.CommandLine.Command;

namespace Reeve.Cli.Commands;

/// <summary>The sandbox, used directly.</summary>
internal sealed class SandboxCommands : Command
{
    public SandboxCommands(World world)
        : base("sandbox", "Use the sandbox directly.") => Add(new ExecCommand(world));

    /// <summary>Runs a command as an agent's would run: same profile, same limits, this folder as workspace.</summary>
    private sealed class ExecCommand : ReeveCommand
    {
        /// <summary>Added to the number of a signal, as shells do.</summary>
        private const int SignalBase = 128, TimedOut = 124, Killed = 137;

        private readonly Argument<string[]> _command = new("COMMAND")
        {
            Description = "The program and its arguments, after --.",
            Arity = ArgumentArity.OneOrMore,
        };

        private readonly Option<bool> _json = Flags.Json("Print one JSON object with output, end and use.");
        private readonly Option<int?> _timeout = Flags.Number("--timeout", "Wall time in seconds.");
        private readonly Option<int?> _cpu = Flags.Number("--cpu", "Processor time in seconds.");
        private readonly Option<int?> _memory = Flags.Number("--memory-mb", "Memory in MiB.");
        private readonly Option<int?> _processes = Flags.Number("--processes", "Processes and threads.");
        private readonly Option<int?> _file = Flags.Number("--file-mb", "The largest file in MiB.");
        private readonly Option<int?> _disk = Flags.Number("--disk-mb", "How much the folder may grow, in MiB.");
        private readonly Option<int?> _output = Flags.Number("--output-kb", "Output in KiB; more ends the command.");
        private readonly Option<string?> _folder = Flags.Folder();

        public ExecCommand(World world)
            : base("exec", "Run a command in the sandbox, over a view of this folder; what it writes is thrown away.",
                world)
        {
            Add(_command);

            foreach (var option in (Option[])
                [_json, _timeout, _cpu, _memory, _processes, _file, _disk, _output, _folder])
            {
                Add(option);
            }
        }

        protected override async Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var settings = ReadSettings();
            World.Trail.Home = settings.Home;
            var command = new SandboxCommand(
                WorkspaceOf(parse, _folder), parse.GetValue(_command)!,
                new SandboxOverrides(
                    Positive(parse, _timeout), Positive(parse, _cpu), Positive(parse, _memory),
                    Positive(parse, _processes), Positive(parse, _file), Positive(parse, _disk),
                    Positive(parse, _output)));
            var isJson = parse.GetValue(_json);
            var result = await World.Tools.ExecuteAsync(command, settings, chunk => Show(chunk, isJson), stop);

            if (isJson)
            {
                World.Terminal.Out(JsonSerializer.Serialize(DocumentOf(result), Documents.Default.CommandDocument));
            }
            else if (result.Limit != CommandLimit.None)
            {
                World.Terminal.Error($"reeve: ended by its limit on {Word(result.Limit)}");
            }

            World.Terminal.Flush();
            return ExitCodeOf(result);
        }

        private static int? Positive(ParseResult parse, Option<int?> option)
        {
            var value = parse.GetValue(option);

            if (value is <= 0)
            {
                RefuseValue(option.Name, "a whole number above zero");
            }

            return value;
        }

        // Programs that read a pipe get the bytes; a person at a terminal gets text that cannot command it.
        private void Show(OutputChunk chunk, bool isJson)
        {
            if (!isJson)
            {
                World.Terminal.OutBytes(chunk.Bytes.Span, chunk.IsError);
            }
        }

        private static ExitCode ExitCodeOf(CommandResult result) => (ExitCode)(result switch
        {
            { Limit: CommandLimit.WallTime or CommandLimit.CpuTime } => TimedOut,
            { Limit: not CommandLimit.None } => Killed,
            { ExitCode: { } code } => code,
            { Signal: "SIGKILL" } => Killed,
            { Signal: "SIGSEGV" } => SignalBase + 11,
            { Signal: "SIGABRT" } => SignalBase + 6,
            { Signal: "SIGTERM" } => SignalBase + 15,
            { Signal: "SIGSYS" } => SignalBase + 31,
            _ => SignalBase,
        });

        private static CommandDocument DocumentOf(CommandResult result) => new(
            result.ExitCode, result.Signal, result.Limit == CommandLimit.None ? null : Word(result.Limit),
            TextOf(result.Output), TextOf(result.ErrorOutput), result.Output.BytesTotal, result.ErrorOutput.BytesTotal,
            result.Output.IsTruncated || result.ErrorOutput.IsTruncated,
            Math.Round(result.WallTime.TotalSeconds, 3), result.MemoryBytesPeak, result.SandboxTier);

        private static string TextOf(OutputText output) => output.IsTruncated
            ? $"{Encoding.UTF8.GetString(output.Head.Span)}\n"
                + $"[… {output.BytesTotal - output.Head.Length - output.Tail.Length} bytes left out …]\n"
                + Encoding.UTF8.GetString(output.Tail.Span)
            : Encoding.UTF8.GetString(output.Head.Span) + Encoding.UTF8.GetString(output.Tail.Span);

        private static string Word(CommandLimit limit) => limit switch
        {
            CommandLimit.WallTime => "wall_time",
            CommandLimit.CpuTime => "cpu_time",
            CommandLimit.Memory => "memory",
            CommandLimit.Processes => "processes",
            CommandLimit.FileSize => "file_size",
            CommandLimit.Disk => "disk",
            CommandLimit.Output => "output",
            CommandLimit.Cancelled => "cancelled",
            _ => "none",
        };
    }
}

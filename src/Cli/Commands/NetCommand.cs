using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Operator;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>The rules of the network, asked directly.</summary>
internal sealed class NetCommand : Command
{
    public NetCommand(World world)
        : base("net", "Ask the rules of the network.") => Add(new CheckCommand(world));

    /// <summary>Says whether a URL, host or address may be reached, and why not. Nothing is connected to.</summary>
    private sealed class CheckCommand : ReeveCommand
    {
        public const int LineLengthMax = 8_192;

        private readonly Argument<string> _target = new("TARGET")
        {
            Description = "A URL, host or address; - reads one a line from standard input.",
        };

        private readonly Option<bool> _json = Flags.Json("Print one JSON object for each.");

        public CheckCommand(World world)
            : base("check", "Say whether an address may be reached, and why not.", world)
        {
            Add(_target);
            Add(_json);
        }

        protected override async Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var target = parse.GetValue(_target)!;
            var isJson = parse.GetValue(_json);

            if (target != "-")
            {
                return await JudgeAsync(target, isJson, stop) ? ExitCode.Ok : ExitCode.Denied;
            }

            while (await World.Terminal.ReadLineAsync(stop) is { } line)
            {
                Problem.ThrowUnless(
                    line.Length <= LineLengthMax, "usage.invalid_value",
                    $"A line has at most {LineLengthMax} characters.");
                await JudgeAsync(line, isJson, stop);
            }

            return ExitCode.Ok;
        }

        private async Task<bool> JudgeAsync(string text, bool isJson, CancellationToken stop)
        {
            var verdict = await World.Tools.CheckNetworkAsync(text, stop);

            if (isJson)
            {
                World.Terminal.Out(verdict.Json);
            }
            else
            {
                Write(text, verdict);
            }

            return verdict.IsAllowed;
        }

        private void Write(string text, NetVerdict verdict) => World.Terminal.Out(
            new Piece(verdict.IsAllowed ? "✓ allowed  " : "⊘ refused  ", verdict.IsAllowed ? Style.Good : Style.Bad),
            InertText.OneLine(text, 500), new Piece($"  {verdict.Code}: {verdict.Reason}", Style.Dim));
    }
}

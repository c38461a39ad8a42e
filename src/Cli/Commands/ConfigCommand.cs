using System.CommandLine;
using System.Text.Json;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>Shows the configuration as it is in force.</summary>
internal sealed class ConfigCommand : Command
{
    public ConfigCommand(World world)
        : base("config", "Show the configuration in force.") => Add(new ShowConfigCommand(world));

    /// <summary>Prints every key with its value and where that is from; secrets show only that they are set.</summary>
    private sealed class ShowConfigCommand : ReeveCommand
    {
        private readonly Option<bool> _json = Flags.Json("Print one JSON array.");
        private readonly Option<string?> _profile = Flags.Profile();

        public ShowConfigCommand(World world)
            : base("show", "Print every key, its value and where it comes from.", world)
        {
            Add(_profile);
            Add(_json);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var lines = ReadSettings(Flags.ProfileOf(parse, _profile)).Lines;

            if (parse.GetValue(_json))
            {
                World.Terminal.Out(JsonSerializer.Serialize(
                    [.. lines.Select(SettingDocument.Of)], Documents.Default.SettingDocumentArray));
                return Task.FromResult(ExitCode.Ok);
            }

            var width = lines.Max(line => line.Key.Length);

            foreach (var line in lines)
            {
                World.Terminal.Out(
                    new Piece(line.Key.PadRight(width), Style.Bold),
                    $"  {InertText.OneLine(line.Value, 500),-24}",
                    new Piece($"  {line.Origin}", Style.Dim));
            }

            return Task.FromResult(ExitCode.Ok);
        }
    }
}

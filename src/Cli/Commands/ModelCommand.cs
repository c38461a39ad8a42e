using System.CommandLine;
using System.Net;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Commands;

/// <summary>Models, from the other side.</summary>
internal sealed class ModelCommand : Command
{
    public ModelCommand(World world)
        : base("model", "Serve a scripted model.") => Add(new ServeCommand(world));

    /// <summary>Serves a script in both dialects, for tests and demonstrations.</summary>
    private sealed class ServeCommand : ReeveCommand
    {
        private readonly Argument<string> _script = new("SCRIPT") { Description = "The script to play." };
        private readonly Option<int?> _port = Flags.Number("--port", "The port; a free one by default.");
        private readonly Option<string?> _host = Flags.Text("--host", "ADDRESS",
            "The address to listen on; 127.0.0.1 by default.");

        public ServeCommand(World world)
            : base("serve", "Serve a scripted model over HTTP, in both dialects.", world)
        {
            Add(_script);
            Add(_port);
            Add(_host);
        }

        protected override async Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var port = parse.GetValue(_port) ?? 0;

            if (port is < 0 or > 65_535)
            {
                RefuseValue("--port", "a number from 0 to 65535");
            }

            if (!IPAddress.TryParse(parse.GetValue(_host) ?? "127.0.0.1", out var address))
            {
                RefuseValue("--host", "an address of this machine, as 127.0.0.1 or 0.0.0.0");
            }

            var script = parse.GetValue(_script)!;
            await World.Tools.ServeModelAsync(
                Path.Join(script.StartsWith('/') ? "" : World.Directory, script),
                address!, port, url => World.Terminal.Out(new Piece($"listening on {url}", Style.Bold)), stop);
            return ExitCode.Ok;
        }
    }
}

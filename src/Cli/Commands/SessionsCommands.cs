using System.CommandLine;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Sessions;
using Command = System.CommandLine.Command;

namespace Reeve.Cli.Commands;

/// <summary>Conversations as they are kept: listed, shown, named, exported and deleted.</summary>
internal sealed class SessionsCommands : Command
{
    public SessionsCommands(World world)
        : base("sessions", "List, show, rename, export or delete sessions.")
    {
        Add(new ListCommand(world));
        Add(new ShowSessionCommand(world));
        Add(new RenameCommand(world));
        Add(new ExportCommand(world));
        Add(new DeleteCommand(world));
    }

    /// <summary>A command about one session, by its name or a run of it.</summary>
    private abstract class OneSessionCommand : ReeveCommand
    {
        private readonly Argument<string?> _session = new("SESSION")
        {
            Description = "Its name, or the beginning of a run's identifier; the newest of this folder by default.",
            Arity = ArgumentArity.ZeroOrOne,
        };

        private readonly Option<string?> _folder = Flags.Folder();

        protected OneSessionCommand(string name, string description, World world)
            : base(name, description, world)
        {
            Add(_session);
            Add(_folder);
        }

        protected abstract Task<ExitCode> ActAsync(
            ParseResult parse, IReeveHost host, SessionLine session, CancellationToken stop);

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var workspace = WorkspaceOf(parse, _folder, mustExist: false);

            return WithHostAsync(
                ReadSettings(),
                async host => await ActAsync(
                    parse, host,
                    await host.FindSessionAsync(parse.GetValue(_session) ?? "last", workspace, stop), stop),
                stop);
        }
    }

    private sealed class ListCommand : ReeveCommand
    {
        private readonly Option<bool> _all = Flags.Switch(
            "--all", "Of every folder, and also those that are not active any more.");
        private readonly Option<bool> _json = Flags.Json("Print one JSON array.");
        private readonly Option<string?> _folder = Flags.Folder();

        public ListCommand(World world)
            : base("list", "List the active sessions of this folder, the one touched last first.", world)
        {
            Add(_all);
            Add(_json);
            Add(_folder);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
        {
            var isAll = parse.GetValue(_all);
            var workspace = isAll ? null : WorkspaceOf(parse, _folder);
            var settings = ReadSettings();

            return WithHostAsync(
                settings,
                async host =>
                {
                    var since = isAll ? (DateTimeOffset?)null : World.Time.GetUtcNow() - settings.Sessions.ActiveTime;
                    var sessions = await host.SessionsAsync(workspace, since, RunsCommand.RunsMax, stop);

                    if (parse.GetValue(_json))
                    {
                        World.Terminal.Out(JsonSerializer.Serialize(
                            [.. sessions.Select(SessionDocument.Of)], Documents.Default.SessionDocumentArray));
                        return ExitCode.Ok;
                    }

                    foreach (var session in sessions)
                    {
                        Write(World.Terminal, session);
                    }

                    if (sessions.Count == 0)
                    {
                        World.Terminal.Error(isAll
                            ? "No sessions yet." : "No active session of this folder; --all lists all there are.");
                    }

                    return ExitCode.Ok;
                },
                stop);
        }
    }

    private sealed class ShowSessionCommand : OneSessionCommand
    {
        private readonly Option<bool> _json = Flags.Json();

        public ShowSessionCommand(World world)
            : base("show", "Show a session and its runs.", world) => Add(_json);

        protected override async Task<ExitCode> ActAsync(
            ParseResult parse, IReeveHost host, SessionLine session, CancellationToken stop)
        {
            var runs = await host.RunsOfSessionAsync(session.Session, stop);

            if (parse.GetValue(_json))
            {
                World.Terminal.Out(JsonSerializer.Serialize(
                    SessionRunsDocument.Of(session, runs), Documents.Default.SessionRunsDocument));
                return ExitCode.Ok;
            }

            Write(World.Terminal, session);

            foreach (var run in runs)
            {
                World.Terminal.Out(
                    "  ", new Piece(ForkWords.Short(run.Run), Style.Bold), $"  {run.Status,-13}  ",
                    new Piece($"{RunWords.Count(run.Turns, "turn"),-10}  ", Style.Dim),
                    InertText.OneLine(run.Goal, 60));
            }

            return ExitCode.Ok;
        }
    }

    private sealed class RenameCommand : OneSessionCommand
    {
        private readonly Argument<string> _name = new("NAME") { Description = "The new name." };

        public RenameCommand(World world)
            : base("rename", "Give a session a name.", world) => Add(_name);

        protected override async Task<ExitCode> ActAsync(
            ParseResult parse, IReeveHost host, SessionLine session, CancellationToken stop)
        {
            var name = parse.GetValue(_name)!;
            Problem.ThrowUnless(name.Length > 0, "session.name_invalid", "Give the session a name.");
            await host.RenameSessionAsync(session.Session, name, stop);
            World.Terminal.Out(new Piece("✓ ", Style.Good), $"named; go on in it: reeve -r {name}");
            return ExitCode.Ok;
        }
    }

    private sealed class ExportCommand : OneSessionCommand
    {
        public ExportCommand(World world)
            : base("export", "Print a session as JSON lines: the conversation and the ends of its chains.", world)
        {
        }

        protected override async Task<ExitCode> ActAsync(
            ParseResult parse, IReeveHost host, SessionLine session, CancellationToken stop)
        {
            await foreach (var item in host.ExportSessionAsync(session.Session, stop))
            {
                World.Terminal.Out(JsonSerializer.Serialize(
                    ExportDocument.Of(item), Documents.Default.ExportDocument));
            }

            return ExitCode.Ok;
        }
    }

    private sealed class DeleteCommand : OneSessionCommand
    {
        private readonly Option<bool> _yes = Flags.Switch("--yes", "Do not ask.");

        public DeleteCommand(World world)
            : base("delete", "Erase words, keys and files of a session for good; its chains still verify.", world) =>
            Add(_yes);

        protected override async Task<ExitCode> ActAsync(
            ParseResult parse, IReeveHost host, SessionLine session, CancellationToken stop)
        {
            if (!parse.GetValue(_yes) && !await IsMeantAsync(session, stop))
            {
                World.Terminal.Error("Nothing was deleted.");
                return ExitCode.Ok;
            }

            await host.DeleteSessionAsync(session.Session, stop);
            World.Terminal.Out(
                new Piece("✓ ", Style.Good), $"deleted: {RunWords.Count(session.Runs, "run")}; your files stay");
            return ExitCode.Ok;
        }

        private async Task<bool> IsMeantAsync(SessionLine session, CancellationToken stop)
        {
            Problem.ThrowUnless(
                World.Terminal.CanAsk, "usage.confirmation_needed",
                "Nobody is there to be asked; say --yes to delete the session for good.");
            Write(World.Terminal, session);
            var answer = await World.Terminal.AskAsync(
                stop, new Piece("  delete it for good? [y]es / [n]o: ", Style.Warning));

            return answer?.Trim().ToLowerInvariant() is "y" or "yes";
        }
    }

    private static void Write(Terminal terminal, SessionLine session) => terminal.Out(
        new Piece(ForkWords.Short(session.Session), Style.Bold),
        $"  {session.UpdatedAt.ToLocalTime():yyyy-MM-dd HH:mm}  {session.Status,-13}  ",
        new Piece($"{RunWords.Count(session.Runs, "run"),-8}  ", Style.Dim),
        new Piece(session.Name.Length > 0 ? InertText.OneLine(session.Name, 30) + "  " : "", Style.Good),
        InertText.OneLine(session.Goal, 60));
}

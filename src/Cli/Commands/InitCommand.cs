using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Commands;

/// <summary>Writes a commented configuration for the user and notes for agents into the folder. What is there
/// stays.</summary>
internal sealed class InitCommand : ReeveCommand
{
    private readonly Option<bool> _force = Flags.Switch(
        "--force", "Write new files where there are some, and keep the old ones beside them as .bak.");

    private readonly Option<string?> _folder = Flags.Folder();

    public InitCommand(World world)
        : base("init", "Write a commented configuration, and an AGENTS.md into this folder.", world)
    {
        Add(_force);
        Add(_folder);
    }

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var workspace = WorkspaceOf(parse, _folder);
        var isForced = parse.GetValue(_force);
        var configuration = SettingsReader.PathOfUser(World.Environment);
        Problem.ThrowUnless(
            configuration is ['/', ..], "config.home_missing",
            "There is no place for a configuration; set HOME, XDG_CONFIG_HOME or REEVE_CONFIG to an absolute path.");
        var notes = Path.Join(workspace, "AGENTS.md");
        var isHidden = ConfigurationFiles.Exists(Path.Join(workspace, "CLAUDE.md"))
            && !ConfigurationFiles.Exists(notes);
        Problem.ThrowUnless(
            isForced || !ConfigurationFiles.Exists(configuration) || !(isHidden || ConfigurationFiles.Exists(notes)),
            "init.exists",
            "The configuration and the notes for agents are there already; --force writes new ones and keeps the old "
            + "ones as .bak.");

        Write(configuration, ConfigTemplate.Yaml(), isForced, isPrivate: true);

        if (isHidden && !isForced)
        {
            // An AGENTS.md goes before a CLAUDE.md, so an empty one would take notes away.
            World.Terminal.Out(new Piece("kept   ", Style.Dim),
                "CLAUDE.md, which agents read where there is no AGENTS.md");
            return Task.FromResult(ExitCode.Ok);
        }

        Write(notes, NotesTemplate.Of(name => ConfigurationFiles.Exists(Path.Join(workspace, name))), isForced,
            isPrivate: false);
        return Task.FromResult(ExitCode.Ok);
    }

    private void Write(string path, string text, bool isForced, bool isPrivate)
    {
        if (!isForced && ConfigurationFiles.Exists(path))
        {
            World.Terminal.Out(new Piece("kept   ", Style.Dim), InertText.OneLine(path, 400));
            return;
        }

        var kept = ConfigurationFiles.WriteNew(path, text, isForced, isPrivate);
        World.Terminal.Out(
            new Piece("wrote  ", Style.Good), InertText.OneLine(path, 400),
            new Piece(kept is null ? "" : $"  (the old one is {kept})", Style.Dim));
    }
}

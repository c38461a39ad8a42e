using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Commands;

/// <summary>A command of the line. What it throws becomes one sentence and an exit code, in one place.</summary>
internal abstract class ReeveCommand : Command
{
    protected ReeveCommand(string name, string description, World world)
        : base(name, description)
    {
        World = world;
        SetAction((parse, _) => Failures.GuardAsync(
            world, FormatOf(parse), () => RunAsync(parse, world.Signals.Stop)));
    }

    protected World World { get; }

    protected abstract Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop);

    /// <summary>Who reads what the command says, failures included.</summary>
    protected virtual OutputFormat FormatOf(ParseResult parse) =>
        Options.OfType<Option<bool>>().FirstOrDefault(option => option.Name == "--json") is { } json
            && parse.GetValue(json)
            ? OutputFormat.Json
            : OutputFormat.Text;

    protected Settings ReadSettings(IReadOnlyList<FlagValue>? flags = null) => World.ReadSettings(flags ?? []);

    protected async Task<ExitCode> WithHostAsync(
        Settings settings, Func<IReeveHost, Task<ExitCode>> act, CancellationToken stop)
    {
        ConfigurationFiles.MakeHome(settings.Home);
        World.Trail.Home = settings.Home;
        await using var host = await World.OpenHost(settings, stop);
        return await act(host);
    }

    /// <summary>Opens the host and finds the run the person means.</summary>
    protected Task<ExitCode> WithRunAsync(
        ParseResult parse, RunFlags flags, Func<IReeveHost, RunKey, Task<ExitCode>> act, CancellationToken stop) =>
        WithRunAsync(parse, flags, ReadSettings(), act, stop);

    protected Task<ExitCode> WithRunAsync(
        ParseResult parse, RunFlags flags, Settings settings, Func<IReeveHost, RunKey, Task<ExitCode>> act,
        CancellationToken stop)
    {
        var workspace = WorkspaceOf(parse, flags.Folder, mustExist: false);

        return WithHostAsync(
            settings,
            async host =>
            {
                var run = await host.FindAsync(parse.GetValue(flags.Run) ?? "last", workspace, stop);
                World.Trail.Run = run;
                return await act(host, run);
            },
            stop);
    }

    /// <param name="mustExist">A run of a folder that is gone can still be read.</param>
    protected string WorkspaceOf(ParseResult parse, Option<string?> folder, bool mustExist = true)
    {
        var given = parse.GetValue(folder);

        return mustExist || given is not null
            ? ConfigurationFiles.Workspace(World.Directory, given ?? ".")
            : World.Directory;
    }

    protected static void RefuseValue(string option, string expected) =>
        Problem.Throw("usage.invalid_value", $"{option} must be {expected}.");
}

/// <summary>Which run, and of which folder.</summary>
internal sealed class RunFlags
{
    public RunFlags(Command command)
    {
        command.Add(Run);
        command.Add(Folder);
    }

    public Argument<string?> Run { get; } = new("RUN")
    {
        Description = "The run, or the beginning of its identifier; the newest of this folder by default.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<string?> Folder { get; } = Flags.Folder();
}

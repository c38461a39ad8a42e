using System.CommandLine;
using Reeve.Authority;
using Reeve.Cli.Live;
using Reeve.Cli.Output;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Commands;

/// <summary>Goes on with a run that was parked, interrupted or killed.</summary>
internal sealed class ResumeCommand : ReeveCommand
{
    private readonly RunFlags _run;
    private readonly Option<string> _format = RunCommand.OutputFlag();
    private readonly Option<string?> _happened = Flags.Text(
        "--happened", "CALL", "Say that a call in doubt did happen.");
    private readonly Option<string?> _didNot = Flags.Text(
        "--did-not-happen", "CALL", "Say that a call in doubt did not happen.");
    private readonly Option<string?> _message = Flags.Text("--message", "TEXT",
        "Tell the agent something first.", "-m");

    private readonly Option<bool> _compact = Flags.Switch(
        "--compact", "Summarise the older parts of the conversation first.");

    private readonly Option<string?> _profile = Flags.Profile();
    private readonly Option<string?> _apply = RunCommand.ApplyFlag();

    public ResumeCommand(World world)
        : base("resume", "Go on with a run.", world)
    {
        _run = new RunFlags(this);
        Add(_format);
        Add(_happened);
        Add(_didNot);
        Add(_message);
        Add(_compact);
        Add(_apply);
        Add(_profile);
    }

    protected override OutputFormat FormatOf(ParseResult parse) => parse.GetValue(_format) switch
    {
        "json" => OutputFormat.Json,
        "stream-json" => OutputFormat.StreamJson,
        _ => OutputFormat.Text,
    };

    protected override Task<ExitCode> RunAsync(ParseResult parse, CancellationToken stop)
    {
        var format = OutputFormats.Parse(parse.GetValue(_format)!);
        var (happened, didNot) = (parse.GetValue(_happened), parse.GetValue(_didNot));
        Problem.ThrowUnless(
            happened is null || didNot is null || happened != didNot,
            "usage.invalid_value", "A call either happened or it did not.");
        var apply = parse.GetValue(_apply);
        var profile = Flags.ProfileOf(parse, _profile);
        var settings = ReadSettings(apply is null ? profile : [.. profile, new FlagValue("apply", _apply.Name, apply)]);

        return WithRunAsync(
            parse, _run,
            async (host, run) =>
            {
                if (happened is not null)
                {
                    await host.ResolveDoubtAsync(run, happened, happened: true, stop);
                }

                if (didNot is not null)
                {
                    await host.ResolveDoubtAsync(run, didNot, happened: false, stop);
                }

                if (parse.GetValue(_message) is { Length: > 0 } text)
                {
                    await host.SayAsync(run, text, stop);
                }

                if (parse.GetValue(_compact))
                {
                    await host.CompactAsync(run, stop);
                }

                // What was agreed about applying stays with the run, unless it is said anew.
                var agreed = apply is null ? (await host.ReportAsync(run, stop)).Apply : settings.Apply;
                return await new RunFollower(World, host, settings, format).FollowAsync(run, agreed, stop);
            },
            stop);
    }
}

using System.ComponentModel;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;
using Reeve.Tools.Shell;

namespace Reeve.Tools.Host;

/// <summary>Lets an agent ask for one of the operator's commands on the machine itself, outside of the
/// sandbox.</summary>
/// <remarks>
/// The gate judges the command as a shell line of exactly these words. What started it is on record before it starts,
/// and a worker that dies meanwhile leaves a call in doubt: it is never run a second time by itself.
/// </remarks>
public sealed class HostCommandTool() : Tool<HostCommandTool.Arguments>(ToolShapes.Default)
{
    public const int ArgumentsMax = 200;
    public const int LineCharsMax = 20_000;

    public sealed record Arguments(
        [property: Description("The name of the program, as git.")] string Program,
        [property: Description("Its arguments, one by one; no shell reads them.")] string[]? Words = null);

    public override ToolSpec Spec { get; } = new(
        Name: "host_command",
        Summary: "Runs a command on the machine itself, outside of the sandbox, in the person's own folder. Only the "
            + "few commands that the operator allowed; a person is asked unless a rule allows it.",
        EffectClass: EffectClass.Once,
        Needs: [typeof(IHostCommands)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.HostCommand, LineOf(arguments))];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        _ = LineOf(arguments);
        var ended = await context.Grant<IHostCommands>().RunAsync(
            arguments.Program, arguments.Words ?? [], context.OnOutput, cancellationToken);

        return new ToolOutput(
            CommandReport.Write(ended.Value), ended.Label, IsError: ended.Value.ExitCode != 0);
    }

    private static string LineOf(Arguments arguments)
    {
        var words = arguments.Words ?? [];
        Problem.ThrowUnless(
            arguments.Program.Length > 0
                && arguments.Program.All(letter => char.IsAsciiLetterOrDigit(letter) || "._+-".Contains(letter))
                && arguments.Program[0] != '-',
            "argument.invalid",
            "program is the plain name of a program, without a path.");
        Problem.ThrowUnless(
            words.Length <= ArgumentsMax && words.All(word => word is not null && !word.Any(char.IsControl)),
            "argument.invalid",
            $"words has at most {ArgumentsMax} texts without control characters.");
        var line = string.Join(' ', [arguments.Program, .. words.Select(Quote)]);
        Problem.ThrowUnless(
            line.Length <= LineCharsMax, "argument.invalid", $"The command has at most {LineCharsMax} characters.");

        return line;
    }

    private static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "._/-@:=+,%".Contains(letter))
            ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

using System.ComponentModel;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Builds;

/// <summary>Lets an agent format the files of a project, or see which are not formatted.</summary>
public sealed class FormatTool() : Tool<FormatTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("dotnet, npm, cargo, python, go or make; left out, the files of the folder say.")]
        string Stack = "",
        [property: Description("The folder of the project, relative to the workspace.")] string Directory = ".",
        [property: Description("Change nothing; say what is not formatted.")] bool Check = false,
        [property: Description("End it after so many seconds, 1 to 3600; 0 is the sandbox's own limit.")]
        int TimeoutSeconds = 0);

    public override ToolSpec Spec { get; } = new(
        Name: "format",
        Summary: "Formats the files of the project in the sandbox, or with check only names those that are "
            + "not formatted, as JSON.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        BuildRun.EffectsOf(VerbOf(arguments), ChoiceOf(arguments));

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken) =>
        BuildRun.RunAsync(VerbOf(arguments), ChoiceOf(arguments), context, cancellationToken);

    private static BuildVerb VerbOf(Arguments arguments) =>
        arguments.Check ? BuildVerb.FormatCheck : BuildVerb.Format;

    private static BuildChoice ChoiceOf(Arguments arguments) =>
        new(arguments.Stack, arguments.Directory, arguments.TimeoutSeconds);
}

using System.ComponentModel;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Builds;

/// <summary>Lets an agent compile a project and read errors and warnings by file and line.</summary>
public sealed class BuildTool() : Tool<BuildTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("dotnet, npm, cargo, python, go or make; left out, the files of the folder say.")]
        string Stack = "",
        [property: Description("The folder of the project, relative to the workspace.")] string Directory = ".",
        [property: Description("End it after so many seconds, 1 to 3600; 0 is the sandbox's own limit.")]
        int TimeoutSeconds = 0);

    public override ToolSpec Spec { get; } = new(
        Name: "build",
        Summary: "Builds the project in the sandbox and returns exit code, counts, errors and warnings with "
            + "file and line, as JSON.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        BuildRun.EffectsOf(BuildVerb.Build, ChoiceOf(arguments));

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken) =>
        BuildRun.RunAsync(BuildVerb.Build, ChoiceOf(arguments), context, cancellationToken);

    private static BuildChoice ChoiceOf(Arguments arguments) =>
        new(arguments.Stack, arguments.Directory, arguments.TimeoutSeconds);
}

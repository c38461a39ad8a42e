using System.ComponentModel;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Builds;

/// <summary>Lets an agent run the tests of a project and read what passed and what failed where.</summary>
public sealed class TestTool() : Tool<TestTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("dotnet, npm, cargo, python, go or make; left out, the files of the folder say.")]
        string Stack = "",
        [property: Description("The folder of the project, relative to the workspace.")] string Directory = ".",
        [property: Description("Only tests of this name; for dotnet, cargo, python and go.")] string Filter = "",
        [property: Description("End it after so many seconds, 1 to 3600; 0 is the sandbox's own limit.")]
        int TimeoutSeconds = 0);

    public override ToolSpec Spec { get; } = new(
        Name: "test",
        Summary: "Runs the tests of the project in the sandbox and returns counts of passed, failed and "
            + "skipped tests, and the failures with name, file and line, as JSON. A run without tests has "
            + "not passed.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        BuildRun.EffectsOf(BuildVerb.Test, ChoiceOf(arguments));

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken) =>
        BuildRun.RunAsync(BuildVerb.Test, ChoiceOf(arguments), context, cancellationToken);

    private static BuildChoice ChoiceOf(Arguments arguments) =>
        new(arguments.Stack, arguments.Directory, arguments.TimeoutSeconds, arguments.Filter);
}

using System.ComponentModel;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Builds;

/// <summary>Lets an agent put the packages in place that a project names.</summary>
/// <remarks>
/// There is no network: packages come from the caches that are lent to the sandbox, and what is in none of them is
/// said to be missing. Scripts of packages do not run. A project file of dotnet is a program of its own and does.
/// </remarks>
public sealed class PackagesTool() : Tool<PackagesTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("npm, dotnet, cargo or go; left out, the files of the folder say.")]
        string Stack = "",
        [property: Description("The folder of the project, relative to the workspace.")] string Directory = ".",
        [property: Description("End it after so many seconds, 1 to 3600; 0 is the sandbox's own limit.")]
        int TimeoutSeconds = 0);

    public override ToolSpec Spec { get; } = new(
        Name: "packages",
        Summary: "Installs in the sandbox the packages that the project's lock or project file names, from lent "
            + "caches only and without their scripts (npm ci, dotnet restore, cargo fetch, go mod download). Adds and "
            + "updates none.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        BuildRun.EffectsOf(BuildVerb.Packages, ChoiceOf(arguments));

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken) =>
        BuildRun.RunAsync(BuildVerb.Packages, ChoiceOf(arguments), context, cancellationToken);

    private static BuildChoice ChoiceOf(Arguments arguments) =>
        new(arguments.Stack, arguments.Directory, arguments.TimeoutSeconds);
}

using System.ComponentModel;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Files;

/// <summary>Lets an agent delete a file or directory of its workspace; the grant never acts through a link.</summary>
public sealed class DeleteFileTool() : Tool<DeleteFileTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("Path of the file or directory, relative to the workspace.")] string Path);

    public override ToolSpec Spec { get; } = new(
        Name: "delete",
        Summary: "Deletes a file of the workspace, or a directory with everything in it.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.DeleteFile, arguments.Path)];

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        context.Grant<IWorkspaceFiles>().Delete(arguments.Path);

        return Task.FromResult(new ToolOutput("Deleted.", Label.BuiltIn, ChangedView: true));
    }
}

using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Files;

/// <summary>Lets an agent create or replace a whole file in its workspace.</summary>
public sealed class WriteFileTool() : Tool<WriteFileTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("Path of the file, relative to the workspace.")] string Path,
        [property: Description("The whole new content of the file.")] string Content);

    public override ToolSpec Spec { get; } = new(
        Name: "write",
        Summary: "Creates a file in the workspace or replaces its whole content; missing directories are "
            + "created. To change part of a file use edit.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.WriteFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes(arguments.Content);
        Problem.ThrowUnless(
            content.Length <= FileText.WriteBytesMax,
            "file.too_large",
            $"The content has {content.Length} bytes; at most {FileText.WriteBytesMax} are written at once.");

        await context.Grant<IWorkspaceFiles>().WriteAsync(arguments.Path, content, cancellationToken);

        return new ToolOutput($"Wrote {content.Length} bytes.", Label.BuiltIn, ChangedView: true);
    }
}

using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Search;

/// <summary>Shows an agent what is in a directory of its workspace, some levels deep.</summary>
public sealed class TreeTool() : Tool<TreeTool.Arguments>(ToolShapes.Default)
{
    public const int EntriesMax = 1_000;
    public const int DepthMax = 16;

    public sealed record Arguments(
        [property: Description("Directory, relative to the workspace; \".\" is the workspace.")]
        string Path = ".",
        [property: Description("How many levels to show, 1 to 16.")] int Depth = 3,
        [property: Description("Also show what .gitignore names and dependency caches.")]
        bool IncludeIgnored = false);

    public override ToolSpec Spec { get; } = new(
        Name: "tree",
        Summary: "Lists files and directories of the workspace, indented by level, with sizes in bytes. "
            + "Leaves out .git and ignored files.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            arguments.Depth is >= 1 and <= DepthMax, "argument.invalid", $"depth is 1 to {DepthMax}.");

        var walk = new WorkspaceWalk(context.Grant<IWorkspaceFiles>(), arguments.IncludeIgnored);
        var page = new StringBuilder();
        var shown = 0;
        var isCut = false;

        await foreach (var (entry, depth) in walk.EntriesAsync(arguments.Path, arguments.Depth, cancellationToken))
        {
            if (shown == EntriesMax)
            {
                isCut = true;
                break;
            }

            shown++;
            page.Append(' ', 2 * (depth - 1)).Append(NameOf(entry.Path)).Append(SuffixOf(entry)).Append('\n');
        }

        page.Append(shown == 0 ? "[empty]\n" : string.Empty);
        page.Append(isCut ? $"[cut after {EntriesMax} entries; list a directory below]\n" : string.Empty);
        page.Append(walk.Unreadable > 0 ? $"[{walk.Unreadable} directories could not be read]\n" : string.Empty);

        return new ToolOutput(page.ToString(), walk.Label);
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static string SuffixOf(FileEntry entry) => entry.Kind switch
    {
        FileKind.Directory => "/",
        FileKind.Link => " (link)",
        FileKind.Regular => $" {entry.Bytes}",
        _ => " (not a file)",
    };
}

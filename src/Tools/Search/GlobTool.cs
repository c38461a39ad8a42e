using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Search;

/// <summary>Finds files of a workspace by the shape of their path.</summary>
public sealed class GlobTool() : Tool<GlobTool.Arguments>(ToolShapes.Default)
{
    public const int ResultsMax = 1_000;

    public sealed record Arguments(
        [property: Description("Path pattern, as src/**/*.cs or *.{ts,tsx}; without a slash at any depth.")]
        string Pattern,
        [property: Description("Directory to search, relative to the workspace.")] string Path = ".",
        [property: Description("How many paths to return at most, 1 to 1000.")] int MaxResults = 200,
        [property: Description("Also search what .gitignore names and dependency caches.")]
        bool IncludeIgnored = false);

    public override ToolSpec Spec { get; } = new(
        Name: "glob",
        Summary: "Finds files in the workspace whose path matches a pattern with *, **, ?, [a-z] and {a,b}; "
            + "returns paths relative to the workspace.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            arguments.MaxResults is >= 1 and <= ResultsMax,
            "argument.invalid",
            $"maxResults is 1 to {ResultsMax}.");

        var glob = PathGlob.Parse(arguments.Pattern);
        var walk = new WorkspaceWalk(context.Grant<IWorkspaceFiles>(), arguments.IncludeIgnored);
        var page = new StringBuilder();
        var found = 0;

        await foreach (var (entry, _) in walk.EntriesAsync(arguments.Path, int.MaxValue, cancellationToken))
        {
            if (entry.Kind == FileKind.Directory || !glob.IsMatch(SearchScope.Relative(entry.Path, arguments.Path)))
            {
                continue;
            }

            if (found++ == arguments.MaxResults)
            {
                break;
            }

            page.Append(entry.Path).Append('\n');
        }

        page.Append(found == 0 ? "[no file matches]\n" : string.Empty);
        page.Append(found > arguments.MaxResults ? $"[cut after {arguments.MaxResults} paths]\n" : string.Empty);
        page.Append(walk.IsCut ? $"[cut after {WorkspaceWalk.EntriesMax} entries]\n" : string.Empty);
        page.Append(walk.Unreadable > 0 ? $"[{walk.Unreadable} directories could not be read]\n" : string.Empty);

        return new ToolOutput(page.ToString(), walk.Label);
    }
}

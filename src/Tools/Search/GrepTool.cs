using System.ComponentModel;
using System.Text.RegularExpressions;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;
using Reeve.Tools.Files;

namespace Reeve.Tools.Search;

/// <summary>Finds lines of workspace files that match a regular expression.</summary>
/// <remarks>
/// The expression runs on the non-backtracking engine only. Files, bytes and matches are bounded, and the answer
/// says what was left out; binary files are skipped.
/// </remarks>
public sealed class GrepTool() : Tool<GrepTool.Arguments>(ToolShapes.Default)
{
    public const int ResultsMax = 1_000;
    public const int FilesMax = 50_000;
    public const int FileBytesMax = 4 * 1024 * 1024;
    public const long BytesMax = 512L * 1024 * 1024;

    public sealed record Arguments(
        [property: Description("Regular expression, matched against one line at a time.")] string Pattern,
        [property: Description("File or directory to search, relative to the workspace.")] string Path = ".",
        [property: Description("Only files whose path matches, as *.py or src/**/*.{ts,tsx}.")]
        string Include = "**",
        [property: Description("Whether upper and lower case differ.")] bool CaseSensitive = true,
        [property: Description("How many lines to return at most, 1 to 1000.")] int MaxResults = 100,
        [property: Description("Also search what .gitignore names and dependency caches.")]
        bool IncludeIgnored = false);

    public override ToolSpec Spec { get; } = new(
        Name: "grep",
        Summary: "Searches files of the workspace for lines that match a regular expression; returns "
            + "path:line:text. Leaves out .git, ignored and binary files.",
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

        var include = PathGlob.Parse(arguments.Include);
        var files = context.Grant<IWorkspaceFiles>();
        var walk = new WorkspaceWalk(files, arguments.IncludeIgnored);
        var page = new GrepPage(
            SearchPattern.Parse(arguments.Pattern, arguments.CaseSensitive), arguments.MaxResults);
        var start = files.Stat(arguments.Path);
        walk.Join(start.Label);

        if (start.Value.Kind == FileKind.Regular)
        {
            await SearchAsync(files, start.Value with { Path = arguments.Path }, page, walk, cancellationToken);
        }
        else
        {
            await SearchBelowAsync(files, arguments.Path, include, page, walk, cancellationToken);
        }

        return new ToolOutput(page.Finish(walk), walk.Label);
    }

    private static async Task SearchBelowAsync(
        IWorkspaceFiles files,
        string directory,
        PathGlob include,
        GrepPage page,
        WorkspaceWalk walk,
        CancellationToken cancellationToken)
    {
        await foreach (var (entry, _) in walk.EntriesAsync(directory, int.MaxValue, cancellationToken))
        {
            if (page.IsFull)
            {
                return;
            }

            if (entry.Kind == FileKind.Regular && include.IsMatch(SearchScope.Relative(entry.Path, directory)))
            {
                await SearchAsync(files, entry, page, walk, cancellationToken);
            }
        }
    }

    private static async Task SearchAsync(
        IWorkspaceFiles files,
        FileEntry entry,
        GrepPage page,
        WorkspaceWalk walk,
        CancellationToken cancellationToken)
    {
        if (!page.Admits(entry))
        {
            return;
        }

        try
        {
            var read = await FileText.ReadAsync(files, entry.Path, cancellationToken, FileBytesMax);
            walk.Join(read.Label);
            page.Search(entry.Path, read.Value.Span);
        }
        catch (ProblemException refusal) when (refusal.Problem.Code != "argument.invalid")
        {
            page.CountUnreadable();
        }
        catch (RegexMatchTimeoutException)
        {
            Problem.Throw("argument.invalid", "pattern takes too long on this text; write a simpler one.");
        }
    }
}

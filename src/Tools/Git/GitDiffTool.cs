using System.ComponentModel;
using System.Globalization;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Lets an agent compare its tree, its index and commits (git-diff(1), raw, numstat and patch).</summary>
/// <remarks>
/// History holds what a rule may hide from the run, so each changed file is asked for at the file grant first, and
/// what the grant refuses is counted and not shown.
/// </remarks>
public sealed class GitDiffTool() : Tool<GitDiffTool.Arguments>(ToolShapes.Default)
{
    public const int FilesMax = GitNames.PathsMax;

    public sealed record Arguments(
        [property: Description("Only what lies at or below this path of the workspace.")] string Path = ".",
        [property: Description("The older side: a branch, tag or commit. Left out: the index.")] string From = "",
        [property: Description("The newer side: a branch, tag or commit; needs from. Left out: the files as they are.")]
        string To = "",
        [property: Description("Compare the index with the last commit, or with from, instead of the files.")]
        bool Staged = false,
        [property: Description("Lines of context around each change, 0 to 100.")] int Context = 3,
        [property: Description("Only the list of changed files, without the patch.")] bool NamesOnly = false);

    public override ToolSpec Spec { get; } = new(
        Name: "git_diff",
        Summary: "Compares files, index and commits: changed files with counts of lines, and the patch, as JSON. "
            + "Untracked files are in git_status only.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(arguments.Context is >= 0 and <= 100, "argument.invalid", "context is 0 to 100.");
        Problem.ThrowUnless(
            arguments.To.Length == 0 || (arguments.From.Length > 0 && !arguments.Staged),
            "argument.invalid",
            "to needs from, and does not go with staged.");

        var files = context.Grant<IWorkspaceFiles>();
        var path = GitNames.PathIn(files, arguments.Path);
        List<string> sides = arguments.Staged ? ["--cached"] : [];
        sides.AddRange(arguments.From.Length > 0 ? [GitNames.Revision(arguments.From, "from")] : []);
        sides.AddRange(arguments.To.Length > 0 ? [GitNames.Revision(arguments.To, "to")] : []);
        var listed = await GitRepository.RunAsync(
            context, [.. Diff("--raw", "--numstat", "-z"), .. sides, "--", path], cancellationToken);

        if (!listed.IsDone)
        {
            return listed.Failure();
        }

        var changed = Parse(listed).ToList();
        var shown = changed.Where(file => IsShown(files, file.Path)).Take(FilesMax).ToList();
        var patch = arguments.NamesOnly || shown.Count == 0 ? null : await GitRepository.RunAsync(
            context,
            [.. Diff("--patch", $"--unified={arguments.Context}"), .. sides, "--", .. shown.Select(file => file.Path)],
            cancellationToken);

        return patch is { IsDone: false }
            ? patch.Failure()
            : new ToolOutput(Write(shown, changed.Count, patch, listed.IsCut), listed.Label);
    }

    private static List<string> Diff(params IEnumerable<string> options) =>
        ["diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", .. options];

    private static bool IsShown(IWorkspaceFiles files, string path)
    {
        try
        {
            _ = GitNames.PathIn(files, path);
            return true;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    private static string Write(List<Changed> shown, int changed, GitAnswer? patch, bool isCut) =>
        JsonPage.Write(json =>
        {
            json.WriteList("files", shown, (writer, file) => writer.WriteObject(entry =>
            {
                entry.WriteString("path", file.Path);
                entry.WriteIfAny("status", file.Status);
                entry.WriteIfAny("added", file.Added);
                entry.WriteIfAny("deleted", file.Deleted);

                if (file is { Added: null, HasCounts: true })
                {
                    entry.WriteBoolean("binary", true);
                }
            }));
            json.WriteNumber("notShown", changed - shown.Count);
            json.WriteBoolean("truncated", isCut || patch is { IsCut: true });
            json.WriteIfAny("patch", patch?.Text);
        });

    // With -z a raw record is ":modes ids letter" and its path the next one; a count is one record with two tabs.
    private static IEnumerable<Changed> Parse(GitAnswer answer)
    {
        var files = new Dictionary<string, Changed>(StringComparer.Ordinal);
        using var records = answer.Records().GetEnumerator();

        while (records.MoveNext())
        {
            var record = records.Current;

            if (record.StartsWith(':'))
            {
                var status = GitWords.OfStatus(record[^1]) ?? "unknown";

                if (records.MoveNext())
                {
                    files[records.Current] = new Changed(records.Current, status, null, null, HasCounts: false);
                }
            }
            else if (record.Split('\t', 3) is [var added, var deleted, var path]
                && files.TryGetValue(path, out var file))
            {
                files[path] = file with { Added = Count(added), Deleted = Count(deleted), HasCounts = true };
            }
        }

        return files.Values;
    }

    private static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private sealed record Changed(string Path, string Status, int? Added, int? Deleted, bool HasCounts);
}

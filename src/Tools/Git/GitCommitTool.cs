using System.ComponentModel;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Lets an agent commit in its view; on apply the commits arrive as a branch of their own.</summary>
/// <remarks>The message goes to git on standard input, so that no shell and no option parser ever sees it.</remarks>
public sealed class GitCommitTool() : Tool<GitCommitTool.Arguments>(ToolShapes.Default)
{
    public const int MessageCharsMax = 20_000;

    private const string AddAndCommit = """
        mode=$1; shift
        if [ $mode = all ]; then
          git add -A < /dev/null && git commit -q --no-verify --no-gpg-sign --no-status --cleanup=whitespace -F - >&2
        else
          git add -A -- "$@" < /dev/null &&
            git commit -q --no-verify --no-gpg-sign --no-status --cleanup=whitespace -F - --only -- "$@" >&2
        fi
        git log -1 --no-color --no-renames --root -m --first-parent --name-status -z --format='%H%x00%D' < /dev/null
        """;

    public sealed record Arguments(
        [property: Description("The message: a short first line, a blank line, then what and why.")] string Message,
        [property: Description("Files and folders to commit, relative to the workspace; empty for all changes.")]
        string[]? Paths = null);

    public override ToolSpec Spec { get; } = new(
        Name: "git_commit",
        Summary: "Commits changes of the workspace, new and deleted files included, and returns the commit and its "
            + "files as JSON. Hooks do not run. The user gets the commits as a branch when the run is applied.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
    [
        new Effect(EffectKind.RunCommand, "git commit -F -"),
        .. (arguments.Paths ?? []).Take(GitNames.PathsMax + 1).Select(path => new Effect(EffectKind.ReadFile, path)),
    ];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var paths = arguments.Paths ?? [];
        Problem.ThrowUnless(
            !string.IsNullOrWhiteSpace(arguments.Message)
                && arguments.Message.Length <= MessageCharsMax
                && !arguments.Message.Contains('\0', StringComparison.Ordinal),
            "argument.invalid",
            $"message has 1 to {MessageCharsMax} characters and no NUL.");
        Problem.ThrowUnless(
            paths.Length <= GitNames.PathsMax, "argument.invalid", $"paths has at most {GitNames.PathsMax} entries.");

        var files = context.Grant<IWorkspaceFiles>();
        var answer = await GitRepository.RunAsync(
            context,
            AddAndCommit,
            [paths.Length == 0 ? "all" : "some", .. paths.Select(path => GitNames.PathIn(files, path))],
            arguments.Message,
            cancellationToken);

        return answer.IsDone
            ? new ToolOutput(Write(answer), answer.Label, ChangedView: true)
            : answer.Failure() with { ChangedView = true };
    }

    private static string Write(GitAnswer answer) => JsonPage.Write(json =>
    {
        var records = answer.Records().ToList();
        json.WriteString("commit", records[0]);
        json.WriteIfAny("refs", records.ElementAtOrDefault(1));

        // Behind the two comes a line feed, and then letter and path in turn.
        var names = records.Skip(2).ToList();
        var files = Enumerable.Range(0, names.Count / 2).Select(index =>
            (Path: names[(index * 2) + 1], Status: names[index * 2].TrimStart('\n')));
        json.WriteList("files", files, (writer, file) => writer.WriteObject(entry =>
        {
            entry.WriteString("path", file.Path);
            entry.WriteIfAny("status", file.Status is [var letter] ? GitWords.OfStatus(letter) : "unknown");
        }));
        json.WriteBoolean("truncated", answer.IsCut);
    });
}

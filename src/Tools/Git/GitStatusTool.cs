using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Lets an agent see which files of its view differ from the last commit (git-status(1), porcelain
/// 2).</summary>
public sealed class GitStatusTool() : Tool<GitStatusTool.Arguments>(ToolShapes.Default)
{
    public const int FilesMax = 1_000;

    public sealed record Arguments(
        [property: Description("Only what lies at or below this path of the workspace.")] string Path = ".");

    public override ToolSpec Spec { get; } = new(
        Name: "git_status",
        Summary: "Shows branch, commit, upstream with ahead and behind, and the changed and untracked files of the "
            + "repository, as JSON.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var path = GitNames.PathIn(context.Grant<IWorkspaceFiles>(), arguments.Path);
        var answer = await GitRepository.RunAsync(
            context,
            ["status", "--porcelain=v2", "--branch", "-z", "--no-renames", "--ignore-submodules=all", "--", path],
            cancellationToken);

        return answer.IsDone ? new ToolOutput(Write(answer), answer.Label) : answer.Failure();
    }

    private static string Write(GitAnswer answer) => JsonPage.Write(json =>
    {
        var records = answer.Records().ToList();

        foreach (var record in records.Where(record => record.StartsWith("# ", StringComparison.Ordinal)))
        {
            WriteBranch(json, record.Split(' ', 3));
        }

        var files = records.Where(record => !record.StartsWith('#')).ToList();
        json.WriteList("files", files.Take(FilesMax), WriteFile);
        json.WriteBoolean("truncated", answer.IsCut || files.Count > FilesMax);
    });

    private static void WriteBranch(Utf8JsonWriter json, string[] words)
    {
        switch (words)
        {
            case [_, "branch.oid", var commit]:
                json.WriteString("commit", commit == "(initial)" ? null : commit);
                break;
            case [_, "branch.head", var branch]:
                json.WriteString("branch", branch == "(detached)" ? null : branch);
                break;
            case [_, "branch.upstream", var upstream]:
                json.WriteString("upstream", upstream);
                break;
            case [_, "branch.ab", var counts] when counts.Split(' ') is [['+', .. var ahead], ['-', .. var behind]]:
                json.WriteNumber("ahead", int.Parse(ahead, CultureInfo.InvariantCulture));
                json.WriteNumber("behind", int.Parse(behind, CultureInfo.InvariantCulture));
                break;
            default:
                break;
        }
    }

    // Ordinary entries have eight fields before the path, unmerged ones ten.
    private static void WriteFile(Utf8JsonWriter json, string record) => json.WriteObject(file =>
    {
        var fields = record.Split(' ', record[0] switch { '1' => 9, 'u' => 11, _ => 2 });
        file.WriteString("path", fields[^1]);

        if (record[0] is '?' or '!')
        {
            file.WriteString("unstaged", "untracked");
            return;
        }

        file.WriteIfAny("staged", record[0] == 'u' ? "unmerged" : GitWords.OfStatus(fields[1][0]));
        file.WriteIfAny("unstaged", record[0] == 'u' ? null : GitWords.OfStatus(fields[1][1]));
    });
}

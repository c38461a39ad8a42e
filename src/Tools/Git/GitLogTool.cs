using System.ComponentModel;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Lets an agent read the history of commits (git-log(1)): who, when and why, without contents.</summary>
public sealed class GitLogTool() : Tool<GitLogTool.Arguments>(ToolShapes.Default)
{
    public const int CommitsMax = 200;
    public const int SkippedMax = 1_000_000;

    public sealed record Arguments(
        [property: Description("Only commits that changed this path of the workspace.")] string Path = ".",
        [property: Description("Where to begin: a branch, tag or commit.")] string Revision = "HEAD",
        [property: Description("How many commits, 1 to 200.")] int Count = 20,
        [property: Description("How many of the newest to leave out, 0 to 1000000.")] int Skip = 0,
        [property: Description("Also the rest of each message.")] bool Body = false);

    public override ToolSpec Spec { get; } = new(
        Name: "git_log",
        Summary: "Lists commits, the newest first: id, parents, author, date, subject and names that point at it, "
            + "as JSON.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            arguments.Count is >= 1 and <= CommitsMax, "argument.invalid", $"count is 1 to {CommitsMax}.");
        Problem.ThrowUnless(
            arguments.Skip is >= 0 and <= SkippedMax, "argument.invalid", $"skip is 0 to {SkippedMax}.");

        var path = GitNames.PathIn(context.Grant<IWorkspaceFiles>(), arguments.Path);
        var revision = GitNames.Revision(arguments.Revision, "revision");
        string[] below = path is "." ? [] : [path];
        var answer = await GitRepository.RunAsync(
            context,
            [
                "log", "-z", "--no-color", "--no-show-signature", "--decorate=full", $"--max-count={arguments.Count}",
                $"--skip={arguments.Skip}", "--format=" + Format(arguments.Body), revision, "--", .. below,
            ],
            cancellationToken);

        return answer.IsDone ? new ToolOutput(Write(answer), answer.Label) : answer.Failure();
    }

    // Unit separators stand between the fields; a field that has one itself is a foreign commit's own loss.
    private static string Format(bool hasBody) =>
        "%H%x1f%P%x1f%an%x1f%ae%x1f%aI%x1f%D%x1f%s%x1f" + (hasBody ? "%b" : string.Empty);

    private static string Write(GitAnswer answer) => JsonPage.Write(json =>
    {
        json.WriteList("commits", answer.Records(), WriteCommit);
        json.WriteBoolean("truncated", answer.IsCut);
    });

    private static void WriteCommit(Utf8JsonWriter json, string record) => json.WriteObject(commit =>
    {
        if (record.Split('\u001F', 8) is not [var id, var parents, var name, var mail, var date, var refs, var subject,
            var body])
        {
            commit.WriteString("unreadable", record);
            return;
        }

        commit.WriteString("commit", id);
        commit.WriteList(
            "parents",
            parents.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            (writer, each) => writer.WriteStringValue(each));
        commit.WriteString("author", name);
        commit.WriteString("email", mail);
        commit.WriteString("date", date);
        commit.WriteString("subject", subject);
        commit.WriteIfAny("refs", refs);
        commit.WriteIfAny("body", body.TrimEnd());
    });
}

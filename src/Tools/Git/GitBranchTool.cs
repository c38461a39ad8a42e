using System.ComponentModel;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Lets an agent list the branches of its view, make one and go to one.</summary>
public sealed class GitBranchTool() : Tool<GitBranchTool.Arguments>(ToolShapes.Default)
{
    private const string Format =
        "%(refname:short)%1f%(objectname)%1f%(upstream:short)%1f%(upstream:track,nobracket)%1f%(HEAD)%1f%(subject)";

    public sealed record Arguments(
        [property: Description("list, create or switch.")] string Action = "list",
        [property: Description("The branch to make or to go to.")] string Name = "",
        [property: Description("Where a new branch begins: a branch, tag or commit.")] string Start = "HEAD");

    public override ToolSpec Spec { get; } = new(
        Name: "git_branch",
        Summary: "Lists branches with upstream, ahead and behind, makes a branch and switches to it, or switches to "
            + "one that is there. Returns the branches as JSON.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) => arguments.Action switch
    {
        "list" => [new Effect(EffectKind.ReadFile, ".")],
        "create" => [new Effect(EffectKind.RunCommand, $"git switch -c {GitNames.Reference(arguments.Name, "name")}")],
        "switch" => [new Effect(EffectKind.RunCommand, $"git switch {GitNames.Reference(arguments.Name, "name")}")],
        _ => throw Unknown(),
    };

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> command = arguments.Action switch
        {
            "list" => [],
            "create" =>
            [
                "switch", "-q", "--no-track", "-c", GitNames.Reference(arguments.Name, "name"),
                GitNames.Revision(arguments.Start, "start"),
            ],
            "switch" => ["switch", "-q", "--no-guess", GitNames.Reference(arguments.Name, "name")],
            _ => throw Unknown(),
        };
        var answer = await GitRepository.RunAsync(
            context,
            $"[ $# = 0 ] || git \"$@\" < /dev/null >&2\ngit for-each-ref --count=500 --format='{Format}' refs/heads",
            command,
            input: "",
            cancellationToken);

        return answer.IsDone
            ? new ToolOutput(Write(answer), answer.Label, ChangedView: command.Count > 0)
            : answer.Failure() with { ChangedView = command.Count > 0 };
    }

    private static ProblemException Unknown() =>
        new(new Problem("argument.invalid", "action is list, create or switch."));

    private static string Write(GitAnswer answer) => JsonPage.Write(json =>
    {
        json.WriteList("branches", answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), WriteBranch);
        json.WriteBoolean("truncated", answer.IsCut);
    });

    private static void WriteBranch(Utf8JsonWriter json, string line) => json.WriteObject(branch =>
    {
        if (line.Split('\u001F', 6) is not [var name, var commit, var upstream, var track, var head, var subject])
        {
            branch.WriteString("unreadable", line);
            return;
        }

        branch.WriteString("name", name);
        branch.WriteString("commit", commit);
        branch.WriteBoolean("current", head == "*");
        branch.WriteIfAny("upstream", upstream);
        branch.WriteIfAny("track", track);
        branch.WriteString("subject", subject);
    });
}

using System.ComponentModel;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Lets an agent keep the whole tree under a name and bring it back, beside branch and index.</summary>
/// <remarks>
/// A checkpoint is a commit below <c>refs/reeve/checkpoints</c>, made from an index of its own: HEAD, the branch and
/// what is staged stay as they are. What .gitignore names is neither kept nor touched.
/// </remarks>
public sealed class GitCheckpointTool() : Tool<GitCheckpointTool.Arguments>(ToolShapes.Default)
{
    private const string Script = """
        action=$1 ref=refs/reeve/checkpoints/$2
        GIT_INDEX_FILE=/tmp/reeve-index; export GIT_INDEX_FILE
        take() { git add -A < /dev/null && git write-tree < /dev/null; }
        if [ "$action" = create ]; then
          tree=$(take)
          parent=$(git rev-parse -q --verify HEAD < /dev/null || true)
          git update-ref -m checkpoint "$ref" "$(git commit-tree ${parent:+-p "$parent"} -F - "$tree")" < /dev/null
        elif [ "$action" = restore ]; then
          git rev-parse -q --verify "$ref^{commit}" < /dev/null > /dev/null ||
            { echo 'There is no checkpoint of this name.' >&2; exit 1; }
          git read-tree -m -u "$(take)" "$ref" < /dev/null >&2
        fi
        git for-each-ref --count=500 --sort=-creatordate < /dev/null \
          --format='%(refname:lstrip=3)%1f%(objectname)%1f%(creatordate:iso-strict)%1f%(subject)' refs/reeve/checkpoints
        """;

    public sealed record Arguments(
        [property: Description("create, restore or list.")] string Action = "list",
        [property: Description("Name of the checkpoint; a name that is taken is moved by create.")] string Name = "",
        [property: Description("What this state is, for whoever reads the list.")] string Message = "checkpoint");

    public override ToolSpec Spec { get; } = new(
        Name: "git_checkpoint",
        Summary: "Keeps the files of the workspace as they are under a name, without touching branch or index; "
            + "restore brings them back and removes files that came later. Ignored files are left alone.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IPrograms)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) => arguments.Action switch
    {
        "list" => [new Effect(EffectKind.ReadFile, ".")],
        "create" or "restore" =>
        [
            new Effect(
                EffectKind.RunCommand,
                (arguments.Action == "create" ? "git update-ref" : "git read-tree -m -u")
                    + $" refs/reeve/checkpoints/{GitNames.Reference(arguments.Name, "name")}"),
        ],
        _ => throw Unknown(),
    };

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            arguments.Message.Length is >= 1 and <= GitCommitTool.MessageCharsMax
                && !arguments.Message.Contains('\0', StringComparison.Ordinal),
            "argument.invalid",
            $"message has 1 to {GitCommitTool.MessageCharsMax} characters and no NUL.");
        var name = arguments.Action switch
        {
            "list" => "none",
            "create" or "restore" => GitNames.Reference(arguments.Name, "name"),
            _ => throw Unknown(),
        };
        var answer = await GitRepository.RunAsync(
            context, Script, [arguments.Action, name], arguments.Message, cancellationToken);

        return answer.IsDone
            ? new ToolOutput(Write(answer), answer.Label, ChangedView: arguments.Action != "list")
            : answer.Failure() with { ChangedView = arguments.Action != "list" };
    }

    private static ProblemException Unknown() =>
        new(new Problem("argument.invalid", "action is create, restore or list."));

    private static string Write(GitAnswer answer) => JsonPage.Write(json =>
    {
        json.WriteList("checkpoints", answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), WriteOne);
        json.WriteBoolean("truncated", answer.IsCut);
    });

    private static void WriteOne(Utf8JsonWriter json, string line) => json.WriteObject(checkpoint =>
    {
        var fields = line.Split('\u001F', 4);
        checkpoint.WriteString("name", fields[0]);
        checkpoint.WriteIfAny("commit", fields.ElementAtOrDefault(1));
        checkpoint.WriteIfAny("date", fields.ElementAtOrDefault(2));
        checkpoint.WriteIfAny("subject", fields.ElementAtOrDefault(3));
    });
}

using System.ComponentModel;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Files;

/// <summary>Lets an agent take back its latest changes of the view, edits and commands alike.</summary>
public sealed class UndoTool() : Tool<UndoTool.Arguments>(ToolShapes.Default)
{
    public const int ChangesMax = 100;

    public sealed record Arguments(
        [property: Description("How many changes to take back, the latest first, 1 to 100.")] int Count = 1);

    public override ToolSpec Spec { get; } = new(
        Name: "undo",
        Summary: "Brings back the workspace as it was before your latest change, whether an edit or a command made "
            + "it. Each call that changed files counts as one.",
        EffectClass: EffectClass.Contained,
        Needs: [typeof(IUndo), typeof(IWorkspaceFiles)]);

    // Which files come back is known only afterwards; they are as this run had them before.
    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.WriteFile, ".")];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            arguments.Count is >= 1 and <= ChangesMax, "argument.invalid", $"count is 1 to {ChangesMax}.");
        await context.Grant<IUndo>().UndoAsync(arguments.Count, cancellationToken);

        return new ToolOutput(
            $"Took back {arguments.Count} changes; read a file again before you edit it.", Label.BuiltIn,
            ChangedView: true);
    }
}

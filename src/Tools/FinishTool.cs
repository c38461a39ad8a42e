using System.ComponentModel;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools;

/// <summary>Lets an agent state that its work is done. What it states is a claim and proves nothing.</summary>
public sealed class FinishTool() : Tool<FinishTool.Arguments>(ToolShapes.Default)
{
    public const int SummaryCharsMax = 20_000;

    public sealed record Arguments(
        [property: Description("What was done, what was checked and how, and what is left open.")]
        string Summary);

    public override ToolSpec Spec { get; } = new(
        Name: "finish",
        Summary: "Ends the run. Call it once, alone, when the goal is met and checked, or when you cannot go on; "
            + "say plainly what is not done or not checked.",
        EffectClass: EffectClass.Pure,
        Needs: [],
        EndsRun: true);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.None, string.Empty)];

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(
            !string.IsNullOrWhiteSpace(arguments.Summary) && arguments.Summary.Length <= SummaryCharsMax,
            "argument.invalid",
            $"summary has 1 to {SummaryCharsMax} characters.");

        return Task.FromResult(new ToolOutput(arguments.Summary, Label.BuiltIn));
    }
}

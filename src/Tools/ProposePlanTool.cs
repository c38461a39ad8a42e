using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Tools;

namespace Reeve.Tools;

/// <summary>Lets an agent ask once for all it needs. It does nothing: what counts is a person's yes.</summary>
public sealed class ProposePlanTool() : Tool<PlanProposal>(ToolShapes.Default)
{
    public override ToolSpec Spec { get; } = new(
        Name: PlanProposal.ToolName,
        Summary: "Asks a person once for everything a larger piece of work needs, instead of asking before each "
            + "step: files, hosts, commands, cost and time. Name no more than the work needs; what the plan does not "
            + "name is asked as before.",
        EffectClass: EffectClass.Pure,
        Needs: []);

    protected override IReadOnlyList<Effect> EffectsOf(PlanProposal arguments)
    {
        // A plan that cannot be kept is refused before anybody reads it.
        _ = arguments.ToRules();

        return [new Effect(EffectKind.Widen, string.Empty)];
    }

    protected override Task<ToolOutput> RunAsync(
        PlanProposal arguments, ToolContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new ToolOutput(
            $"The plan was approved. For {arguments.Minutes} minutes these are not asked about again:\n"
            + string.Join('\n', arguments.ToRules()), Label.BuiltIn));
}

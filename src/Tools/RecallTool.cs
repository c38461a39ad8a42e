using System.ComponentModel;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools;

/// <summary>Lets an agent read again, whole, an observation that was shown cut.</summary>
public sealed class RecallTool() : Tool<RecallTool.Arguments>(ToolShapes.Default)
{
    public const int CharactersMax = 30_000;

    public sealed record Arguments(
        [property: Description("The name that stands in the cut observation.")] string Name,
        [property: Description("First character to show; the first one is 0.")] int From = 0,
        [property: Description("How many characters to show.")] int Count = 12_000);

    public override ToolSpec Spec { get; } = new(
        Name: "recall",
        Summary: "Shows a part of an earlier observation that was truncated.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IObservations)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.None, string.Empty)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(arguments.From >= 0, "argument.invalid", "from counts from 0.");
        Problem.ThrowUnless(
            arguments.Count is >= 1 and <= CharactersMax, "argument.invalid", $"count is 1 to {CharactersMax}.");

        var whole = await context.Grant<IObservations>().FindAsync(arguments.Name, cancellationToken);
        var from = Math.Min(arguments.From, whole.Value.Length);
        var part = whole.Value.Substring(from, Math.Min(arguments.Count, whole.Value.Length - from));

        return ToolOutput.Of(new Labeled<string>(
            $"[characters {from} to {from + part.Length} of {whole.Value.Length}]\n{part}", whole.Label));
    }
}

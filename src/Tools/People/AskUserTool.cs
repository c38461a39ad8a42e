using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.People;

/// <summary>Lets an agent put a question to the person; the run waits for the answer, also through restarts.</summary>
/// <remarks>
/// The question is an action that is asked for in every mode: who answers agrees to it with words. Where nobody can
/// be asked it is denied at once.
/// </remarks>
public sealed class AskUserTool() : Tool<AskUserTool.Arguments>(ToolShapes.Default)
{
    public const int QuestionCharsMax = 2_000;
    public const int OptionsMax = 10;
    public const int OptionCharsMax = 200;

    public sealed record Arguments(
        [property: Description("One clear question, with what the person has to know to answer it.")] string Question,
        [property: Description("Answers to choose from, if there are some; any other is possible too.")]
        string[]? Options = null);

    public override ToolSpec Spec { get; } = new(
        Name: "ask_user",
        Summary: "Asks the person a question and waits for the answer. Only for what you can neither find out nor "
            + "decide yourself; ask all you have to ask at once.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IPersonAnswer)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments)
    {
        ThrowUnlessValid(arguments);

        return [new Effect(EffectKind.AskPerson, string.Empty)];
    }

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        ThrowUnlessValid(arguments);
        var answer = await context.Grant<IPersonAnswer>().ReadAsync(cancellationToken);
        var text = new StringBuilder(answer.Value.Length > 0 ? answer.Value : "yes").Append('\n');

        return ToolOutput.Of(answer with { Value = $"The person answered: {text}" });
    }

    private static void ThrowUnlessValid(Arguments arguments)
    {
        Problem.ThrowUnless(
            !string.IsNullOrWhiteSpace(arguments.Question) && arguments.Question.Length <= QuestionCharsMax,
            "argument.invalid",
            $"question has 1 to {QuestionCharsMax} characters.");
        Problem.ThrowUnless(
            arguments.Options is null || (arguments.Options.Length <= OptionsMax
                && arguments.Options.All(each => each?.Length is > 0 and <= OptionCharsMax)),
            "argument.invalid",
            $"options has at most {OptionsMax} texts of at most {OptionCharsMax} characters.");
    }
}

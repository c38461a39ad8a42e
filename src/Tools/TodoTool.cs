using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools;

/// <summary>Lets an agent keep its list of work in the journal of the run, where a person can see it.</summary>
public sealed class TodoTool() : Tool<TodoTool.Arguments>(ToolShapes.Default)
{
    public const int ItemsMax = 100;
    public const int TextCharsMax = 500;

    private static readonly (string Status, string Mark)[] s_marks =
        [("open", "[ ]"), ("doing", "[>]"), ("done", "[x]"), ("dropped", "[-]")];

    public sealed record Arguments(
        [property: Description("The whole list in its order, which replaces the last one; left out, it is only read.")]
        Item[]? Items = null);

    /// <summary>One line of the list.</summary>
    public sealed record Item(
        [property: Description("What is to be done, in one line.")] string Text,
        [property: Description("open, doing, done or dropped.")] string Status = "open");

    public override ToolSpec Spec { get; } = new(
        Name: "todo",
        Summary: "Writes or reads your list of work, which the person sees too. Write it at the start of a task of "
            + "several steps, and again whenever a step begins or ends.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(ITodoList)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.None, string.Empty)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        var list = context.Grant<ITodoList>();

        if (arguments.Items is not { } items)
        {
            var known = await list.ReadAsync(cancellationToken);

            return ToolOutput.Of(known with { Value = known.Value.Length > 0 ? known.Value : "[the list is empty]\n" });
        }

        Problem.ThrowUnless(items.Length <= ItemsMax, "argument.invalid", $"items has at most {ItemsMax} entries.");
        var page = new StringBuilder();

        foreach (var item in items)
        {
            var mark = s_marks.FirstOrDefault(each => each.Status == item?.Status).Mark;
            Problem.ThrowUnless(
                mark is not null
                    && !string.IsNullOrWhiteSpace(item!.Text)
                    && item.Text.Length <= TextCharsMax
                    && !item.Text.Any(char.IsControl),
                "argument.invalid",
                $"Each item has a text of one line and at most {TextCharsMax} characters, and a status of open, doing,"
                    + " done or dropped.");
            page.Append(mark).Append(' ').Append(item.Text.Trim()).Append('\n');
        }

        return new ToolOutput(page.Length > 0 ? page.ToString() : "[the list is empty]\n", Label.BuiltIn);
    }
}

using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive.Slash;

/// <summary>What the session cost, and how full the context is.</summary>
internal static class MeterCommands
{
    public static async Task CostAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        var conversation = desk.Conversation;

        if (conversation.Head is { } head)
        {
            var report = await conversation.Host.ReportAsync(head, stop);
            desk.Terminal.Out(new Piece("this run  ", Style.Dim), RunWords.Bill(report.Bill));
        }

        desk.Terminal.Out(
            new Piece("session   ", Style.Dim),
            conversation.IsPriceKnown ? RunWords.Dollars(conversation.Dollars) : "price not known");
    }

    public static Task ContextAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        if (desk.Conversation.State is not { } state)
        {
            desk.Terminal.Out("The context is empty: nothing was sent from here yet.");
            return Task.CompletedTask;
        }

        desk.Terminal.Out(
            new Piece("context  ", Style.Dim), RunWords.Tokens(state.ContextTokens),
            $" of {RunWords.Tokens(state.Limits.ContextTokens)}, {ContextMeter.Percent(state)} %");

        foreach (var kind in state.Items.GroupBy(item => item.Kind))
        {
            desk.Terminal.Out(
                new Piece($"  {kind.Key.ToString().ToLowerInvariant(),-12} ", Style.Dim),
                $"{RunWords.Count(kind.Count(), "part")}, {RunWords.Tokens(kind.Sum(item => (long)item.Tokens))}");
        }

        return Task.CompletedTask;
    }

    /// <summary>A run that works is told; else the next prompt brings it along.</summary>
    public static async Task CompactAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        var conversation = desk.Conversation;
        var head = conversation.HeadOrRefuse();

        if (desk.IsWorking)
        {
            await conversation.Host.CompactAsync(head, stop);
            desk.Terminal.Out("The context is summarised before the next step.");
            return;
        }

        Problem.ThrowUnless(
            conversation.State is not { } state || Planner.CompactableItems(state with { MustCompact = true }) > 0,
            "context.nothing_to_compact", "There is nothing older than the last answer to summarise.");
        conversation.CompactsNext = true;
        desk.Terminal.Out("The next prompt begins with a summary of what went before it; rules and goals stay.");
    }
}

using Reeve.Authority;
using Reeve.Cli.Output;
using Reeve.Cli.Screen;

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

    public static Task CompactAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        desk.Conversation.HeadOrRefuse();
        throw new ProblemException(new Problem(
            "context.compacted_when_full",
            "The context is summarised by itself when it is nearly full; to begin with less, /rewind or /fork."));
    }
}

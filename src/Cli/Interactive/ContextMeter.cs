using Reeve.Cli.Output;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive;

/// <summary>The line below the prompt: model, mode, what it cost, how full the context is.</summary>
internal static class ContextMeter
{
    public static string Percent(RunState state) =>
        (state.ContextTokens * 100 / Math.Max(1, state.Limits.ContextTokens)) is > 0 and var percent
            ? $"{percent}" : "<1";

    public static string Line(Conversation conversation, int waiting, bool isWorking)
    {
        var settings = conversation.Settings;
        var parts = new List<string> { settings.Model ?? "no model", settings.Permissions.Mode };

        if (conversation.State is { } state)
        {
            parts.Add(conversation.IsPriceKnown ? RunWords.Dollars(conversation.Dollars) : "price not known");
            parts.Add($"context {Percent(state)} %");
        }

        if (waiting > 0)
        {
            parts.Add(waiting == 1 ? "1 message waits" : $"{waiting} messages wait");
        }

        if (isWorking)
        {
            parts.Add("Esc interrupts");
        }

        return "  " + string.Join(" · ", parts);
    }
}

using System.Globalization;
using System.Text;
using Reeve.Authority.Mandates;

namespace Reeve.Tools.Shell;

/// <summary>How a command's end is told to a model: how it ended first, then its output, bounded and inert.</summary>
internal static class CommandReport
{
    public const int HeadBytesMax = 64 * 1024;
    public const int TailBytesMax = 64 * 1024;

    public static string Write(CommandResult result)
    {
        var page = new StringBuilder();
        var seconds = result.WallTime.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        page.Append(HowItEnded(result)).Append($" after {seconds} s\n");
        Append(page, "stdout", result.Output);
        Append(page, "stderr", result.ErrorOutput);

        if (result.Output.BytesTotal + result.ErrorOutput.BytesTotal == 0)
        {
            page.Append("[no output]\n");
        }

        return page.ToString();
    }

    private static string HowItEnded(CommandResult result) => result switch
    {
        { Limit: not CommandLimit.None } => $"ended by its limit: {NameOf(result.Limit)}",
        { Signal: { } signal } => $"killed by {signal}",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit code {result.ExitCode}"),
    };

    private static string NameOf(CommandLimit limit) => limit switch
    {
        CommandLimit.WallTime => "wall time",
        CommandLimit.CpuTime => "CPU time",
        CommandLimit.Memory => "memory",
        CommandLimit.Processes => "number of processes",
        CommandLimit.FileSize => "size of a file",
        CommandLimit.Disk => "disk space",
        CommandLimit.Output => "amount of output",
        CommandLimit.Cancelled => "cancelled",
        _ => "a limit",
    };

    private static void Append(StringBuilder page, string name, OutputText output)
    {
        if (output.BytesTotal == 0)
        {
            return;
        }

        var kept = Keep(output);
        var left = output.BytesTotal - kept.Head.Length - kept.Tail.Length;
        page.Append($"--- {name}");
        page.Append(left > 0 ? $" (truncated: {left} of {output.BytesTotal} bytes left out)\n" : "\n");
        TerminalText.Append(page, kept.Head);

        if (left > 0)
        {
            page.Append(page[^1] == '\n' ? string.Empty : "\n").Append($"[… {left} bytes left out …]\n");
        }

        TerminalText.Append(page, kept.Tail);
        page.Append(page[^1] == '\n' ? string.Empty : "\n");
    }

    // Where nothing is missing between them, head and tail are one text and are cut as one.
    private static (byte[] Head, byte[] Tail) Keep(OutputText output)
    {
        byte[] head = output.Head.ToArray();
        byte[] tail = output.Tail.ToArray();

        if (!output.IsTruncated)
        {
            head = [.. head, .. tail];
            tail = [];
        }

        if (head.Length + tail.Length <= HeadBytesMax + TailBytesMax)
        {
            return (head, tail);
        }

        byte[] all = [.. head, .. tail];

        return (all[..HeadBytesMax], all[^TailBytesMax..]);
    }
}

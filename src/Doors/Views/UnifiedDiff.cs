using System.Globalization;
using System.Text;
using DiffPlex;
using DiffPlex.Model;

namespace Reeve.Doors.Views;

/// <summary>The unified text of a difference, as diff -u and git show it.</summary>
internal static class UnifiedDiff
{
    private const int ContextLines = 3;

    // Beyond this the exact difference costs too much; what lies between the equal ends is shown as replaced.
    private const int ExactLinesMax = 4_000;

    /// <param name="path">Named in the heading of both sides.</param>
    /// <param name="before">Null where there was no file.</param>
    /// <param name="after">Null where there is none now.</param>
    public static (string Text, int Added, int Removed) Of(string path, string? before, string? after)
    {
        var old = Lines(before);
        var now = Lines(after);
        if (old.Length > ViewLimits.DiffLinesMax || now.Length > ViewLimits.DiffLinesMax)
        {
            return (string.Empty, 0, 0);
        }

        var blocks = Blocks(old, now);
        var text = new StringBuilder();
        text.Append("--- ").Append(before is null ? "/dev/null" : "a/" + path).Append('\n');
        text.Append("+++ ").Append(after is null ? "/dev/null" : "b/" + path).Append('\n');

        for (var first = 0; first < blocks.Count;)
        {
            var last = first;
            while (last + 1 < blocks.Count
                && blocks[last + 1].DeleteStartA - EndOfOld(blocks[last]) <= 2 * ContextLines)
            {
                last++;
            }

            AppendHunk(text, old, now, blocks[first..(last + 1)]);
            first = last + 1;
        }

        return (text.ToString(), blocks.Sum(block => block.InsertCountB), blocks.Sum(block => block.DeleteCountA));
    }

    private static int EndOfOld(DiffBlock block) => block.DeleteStartA + block.DeleteCountA;

    private static void AppendHunk(StringBuilder text, string[] old, string[] now, List<DiffBlock> blocks)
    {
        var startOld = Math.Max(0, blocks[0].DeleteStartA - ContextLines);
        var startNow = blocks[0].InsertStartB - (blocks[0].DeleteStartA - startOld);
        var endOld = Math.Min(old.Length, EndOfOld(blocks[^1]) + ContextLines);
        var endNow = blocks[^1].InsertStartB + blocks[^1].InsertCountB + (endOld - EndOfOld(blocks[^1]));

        text.Append(CultureInfo.InvariantCulture, $"@@ -{Range(startOld, endOld)} +{Range(startNow, endNow)} @@\n");

        var line = startOld;
        foreach (var block in blocks)
        {
            AppendLines(text, ' ', old.AsSpan(line, block.DeleteStartA - line));
            AppendLines(text, '-', old.AsSpan(block.DeleteStartA, block.DeleteCountA));
            AppendLines(text, '+', now.AsSpan(block.InsertStartB, block.InsertCountB));
            line = EndOfOld(block);
        }

        AppendLines(text, ' ', old.AsSpan(line, endOld - line));
    }

    private static string Range(int start, int end)
    {
        var count = end - start;

        return count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{start},0")
            : string.Create(CultureInfo.InvariantCulture, $"{start + 1},{count}");
    }

    private static void AppendLines(StringBuilder text, char mark, ReadOnlySpan<string> lines)
    {
        foreach (var line in lines)
        {
            text.Append(mark).Append(line);
            if (!line.EndsWith('\n'))
            {
                text.Append("\n\\ No newline at end of file\n");
            }
        }
    }

    // Each line keeps its end, so that a missing last newline is a difference of its own.
    private static string[] Lines(string? text)
    {
        var lines = new List<string>();
        for (var start = 0; start < text?.Length;)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return [.. lines];
    }

    private static List<DiffBlock> Blocks(string[] old, string[] now)
    {
        var head = 0;
        while (head < Math.Min(old.Length, now.Length) && old[head] == now[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < Math.Min(old.Length, now.Length) - head && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        var (oldCount, nowCount) = (old.Length - head - tail, now.Length - head - tail);
        if (oldCount == 0 && nowCount == 0)
        {
            return [];
        }

        if (oldCount == 0 || nowCount == 0 || oldCount + nowCount > ExactLinesMax)
        {
            return [new DiffBlock(head, oldCount, head, nowCount)];
        }

        var result = new Differ().CreateCustomDiffs(
            string.Concat(old.AsSpan(head, oldCount).ToArray()),
            string.Concat(now.AsSpan(head, nowCount).ToArray()),
            ignoreWhiteSpace: false,
            Lines);

        return [.. result.DiffBlocks.Select(block => new DiffBlock(
            block.DeleteStartA + head, block.DeleteCountA, block.InsertStartB + head, block.InsertCountB))];
    }
}

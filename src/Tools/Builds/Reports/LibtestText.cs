using System.Globalization;
using System.Text.RegularExpressions;

namespace Reeve.Tools.Builds.Reports;

/// <summary>The lines of Rust's test harness, whose JSON is not stable, and of the Test Anything Protocol.</summary>
internal static class LibtestText
{
    private static readonly Regex s_test =
        new(@"^test (?<name>.+) \.\.\. (?<outcome>ok|FAILED|ignored)", RegexOptions.NonBacktracking);

    private static readonly Regex s_panic =
        new(@"^thread '(?<name>[^']+)'.* panicked at (?<file>[^:]+):(?<line>\d+):", RegexOptions.NonBacktracking);

    private static readonly Regex s_point = new(
        @"^(?<not>not )?ok\b(?: \d+)?(?: - )?(?<name>[^#]*)(?<directive>#\s*(?:SKIP|TODO))?",
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);

    public static bool TryRead(string text, BuildReport report)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd('\r')).ToList();

        return ReadLibtest(lines, report) || ReadPoints(lines, report);
    }

    private static bool ReadLibtest(List<string> lines, BuildReport report)
    {
        if (!lines.Exists(line => line.StartsWith("test result: ", StringComparison.Ordinal)))
        {
            return false;
        }

        report.Format = "libtest";
        var panics = new Dictionary<string, (string File, int Line, string Message)>(StringComparer.Ordinal);

        for (var at = 0; at < lines.Count; at++)
        {
            if (s_panic.Match(lines[at]) is { Success: true } panic)
            {
                var line = int.Parse(panic.Groups["line"].Value, CultureInfo.InvariantCulture);
                var message = string.Join('\n', lines.Skip(at + 1).Take(3));
                panics.TryAdd(panic.Groups["name"].Value, (panic.Groups["file"].Value, line, message));
            }
        }

        foreach (var match in lines.Select(line => s_test.Match(line)).Where(match => match.Success))
        {
            var name = match.Groups["name"].Value;
            var outcome = match.Groups["outcome"].Value;
            report.Passed += outcome == "ok" ? 1 : 0;
            report.Skipped += outcome == "ignored" ? 1 : 0;

            if (outcome == "FAILED")
            {
                var panic = panics.GetValueOrDefault(name, ("", 0, ""));
                report.Add(new BuildFinding(
                    "failed", panic.Item1, panic.Item2 > 0 ? panic.Item2 : null, Name: name, Message: panic.Item3));
            }
        }

        return true;
    }

    // Only points at the margin count: those that are indented are summed up by the one that follows them.
    private static bool ReadPoints(List<string> lines, BuildReport report)
    {
        if (!lines.Exists(line => line.StartsWith("TAP version ", StringComparison.Ordinal)
            || line.StartsWith("1..", StringComparison.Ordinal)))
        {
            return false;
        }

        var points = lines.Select(line => s_point.Match(line)).Where(match => match.Success).ToList();

        foreach (var point in points)
        {
            if (point.Groups["directive"].Success)
            {
                report.Skipped++;
            }
            else if (point.Groups["not"].Success)
            {
                report.Add(new BuildFinding("failed", Name: point.Groups["name"].Value.Trim()));
            }
            else
            {
                report.Passed++;
            }
        }

        report.Format = points.Count > 0 ? "tap" : report.Format;

        return points.Count > 0;
    }
}

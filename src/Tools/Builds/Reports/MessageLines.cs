using System.Globalization;
using System.Text.RegularExpressions;

namespace Reeve.Tools.Builds.Reports;

/// <summary>Diagnostics that stand in the output one a line: MSBuild's canonical form, and the one of Unix
/// compilers.</summary>
internal static class MessageLines
{
    private const int LineCharsMax = 4_000;

    private static readonly Regex s_canonical = new(
        @"^\s*(?<file>[^(:\s][^(]*)\((?<line>\d+)(?:,(?<column>\d+))?[^)]*\)\s*:\s*(?<severity>error|warning)"
            + @"\s*(?<code>[A-Za-z]+\d*)?\s*:\s*(?<message>[^\[]+)",
        RegexOptions.NonBacktracking);

    private static readonly Regex s_unix = new(
        @"^(?<file>[^:\s][^:]*[./][^:]*):(?<line>\d+)(?::(?<column>\d+))?:\s*"
            + @"(?<severity>fatal error|error|warning)(?:\[(?<code>\w+)\])?:\s*(?<message>.+)$",
        RegexOptions.NonBacktracking);

    private static readonly Regex s_bare = new(
        @"^(?:vet: )?(?<file>[^:\s][^:]*\.\w+):(?<line>\d+)(?::(?<column>\d+))?:\s*(?<message>.+)$",
        RegexOptions.NonBacktracking);

    private static readonly Regex s_formatted = new(
        @"^(?:Diff in (?<file>.+?)(?::| at line )(?<line>\d+):?"
            + @"|would reformat:? (?<file>.+)|Would reformat: (?<file>.+))$",
        RegexOptions.NonBacktracking);

    public static void Read(string text, bool hasBareLines, BuildReport report)
    {
        var before = report.Findings.Count;

        foreach (var line in text.Split('\n'))
        {
            if (line.Length is > 0 and <= LineCharsMax && Read(line.TrimEnd('\r'), hasBareLines) is { } finding)
            {
                report.Add(finding);
            }
        }

        if (report.Format == BuildReport.Unparsed && report.Findings.Count > before)
        {
            report.Format = "lines";
        }
    }

    private static BuildFinding? Read(string line, bool hasBareLines)
    {
        var match = s_canonical.Match(line);
        match = match.Success ? match : s_unix.Match(line);

        if (match.Success)
        {
            return Found(match, match.Groups["severity"].Value == "warning" ? "warning" : "error");
        }

        if (s_formatted.Match(line) is { Success: true } unformatted)
        {
            return Found(unformatted, "error") with { Message = "not formatted" };
        }

        return hasBareLines && s_bare.Match(line) is { Success: true } bare ? Found(bare, "error") : null;
    }

    private static BuildFinding Found(Match match, string severity) => new(
        severity, match.Groups["file"].Value, Number(match.Groups["line"]), Number(match.Groups["column"]),
        match.Groups["code"].Value, Message: match.Groups["message"].Value.Trim());

    private static int? Number(Group group) =>
        int.TryParse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

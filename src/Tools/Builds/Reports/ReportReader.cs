using System.Text.Json;
using System.Xml;

namespace Reeve.Tools.Builds.Reports;

/// <summary>Finds out which machine format a report has, and reads it. One that breaks off is read up to
/// there.</summary>
internal static class ReportReader
{
    /// <summary>Reads what a program wrote for machines; false where it is none of the formats known here.</summary>
    public static bool TryRead(string text, BuildReport report)
    {
        var start = text.AsSpan().TrimStart();

        try
        {
            return start switch
            {
                ['<', ..] => XmlReports.TryRead(text, report),
                ['{', ..] or ['[', ..] => TryReadJson(text, report),
                _ => LibtestText.TryRead(text, report),
            };
        }
        catch (Exception broken) when (broken is XmlException or JsonException)
        {
            report.IsCut = true;
            return report.Format != BuildReport.Unparsed;
        }
    }

    private static bool TryReadJson(string text, BuildReport report)
    {
        var first = text.AsSpan().TrimStart();
        var end = first.IndexOf('\n');
        var line = end < 0 ? first : first[..end];

        // Cargo and go write one object a line, all others one document.
        return line.Contains("\"reason\":", StringComparison.Ordinal) ? JsonLineReports.ReadCargo(text, report)
            : line.Contains("\"Action\":", StringComparison.Ordinal) ? JsonLineReports.ReadGo(text, report)
            : JsonReports.TryRead(text, report);
    }
}

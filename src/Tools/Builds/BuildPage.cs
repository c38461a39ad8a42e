using System.Text.Json;

namespace Reeve.Tools.Builds;

/// <summary>The part of the result that a report fills: counts, and what failed where.</summary>
internal static class BuildPage
{
    public static void Write(Utf8JsonWriter json, BuildVerb verb, BuildReport report)
    {
        json.WriteString("format", report.Format);

        if (report.Format == BuildReport.Unparsed)
        {
            json.WriteString("counts", "unparsed: only the exit code and the output tell");
        }
        else
        {
            json.WriteStartObject("counts");

            if (verb == BuildVerb.Test)
            {
                json.WriteNumber("passed", report.Passed);
                json.WriteNumber("failed", report.Failed);
                json.WriteNumber("skipped", report.Skipped);
            }

            json.WriteNumber("errors", report.Errors);
            json.WriteNumber("warnings", report.Warnings);
            json.WriteEndObject();
        }

        json.WriteList("failures", report.Findings.Where(each => each.Severity != "warning"), Write);
        json.WriteList("warnings", report.Findings.Where(each => each.Severity == "warning"), Write);
        json.WriteBoolean(
            "truncated",
            report.IsCut || report.Failed + report.Errors + report.Warnings > BuildReport.FindingsMax);
    }

    private static void Write(Utf8JsonWriter json, BuildFinding finding) => json.WriteObject(entry =>
    {
        entry.WriteIfAny("name", finding.Name);
        entry.WriteIfAny("file", finding.File);
        entry.WriteIfAny("line", finding.Line);
        entry.WriteIfAny("column", finding.Column);
        entry.WriteIfAny("code", finding.Code);
        entry.WriteIfAny("message", finding.Message);
    });
}

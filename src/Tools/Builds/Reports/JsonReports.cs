using System.Text.Json;

namespace Reeve.Tools.Builds.Reports;

/// <summary>Reports that are one JSON document: eslint's, ruff's, jest's and vitest's, and those of our own
/// runners.</summary>
internal static class JsonReports
{
    public static bool TryRead(string text, BuildReport report)
    {
        var document = JsonElement.Parse(text);

        if (document.ValueKind == JsonValueKind.Array)
        {
            return ReadLinter(document, report);
        }

        if (document.Child("testResults") is not null)
        {
            return ReadJest(document, report);
        }

        return document.Text("runner") is { Length: > 0 } runner && ReadOwn(document, runner, report);
    }

    private static bool ReadLinter(JsonElement list, BuildReport report)
    {
        report.Format = "eslint-json";

        foreach (var entry in list.EnumerateArray())
        {
            if (entry.Child("location") is { } location)
            {
                report.Format = "ruff-json";
                report.Add(new BuildFinding(
                    "error", entry.Text("filename"), location.Number("row"), location.Number("column"),
                    entry.Text("code"), Message: entry.Text("message")));
            }

            foreach (var message in entry.Child("messages").Items())
            {
                report.Add(new BuildFinding(
                    message.Number("severity") == 1 ? "warning" : "error", entry.Text("filePath"),
                    message.Number("line"), message.Number("column"), message.Text("ruleId"),
                    Message: message.Text("message")));
            }
        }

        return true;
    }

    private static bool ReadJest(JsonElement document, BuildReport report)
    {
        report.Format = "jest-json";

        foreach (var file in document.Child("testResults").Items())
        {
            var tests = file.Child("assertionResults").Items().ToList();
            tests.ForEach(test => ReadTest(file, test, report));

            if (tests.Count == 0 && file.Text("status") == "failed")
            {
                report.Add(new BuildFinding("error", file.Text("name"), Message: file.Text("message")));
            }
        }

        return true;
    }

    private static void ReadTest(JsonElement file, JsonElement test, BuildReport report)
    {
        switch (test.Text("status"))
        {
            case "passed":
                report.Passed++;
                break;
            case "failed":
                var message = test.Child("failureMessages").Items()
                    .Where(each => each.ValueKind == JsonValueKind.String)
                    .Select(each => each.GetString()!).FirstOrDefault() ?? "";
                report.Add(new BuildFinding(
                    "failed", file.Text("name"), Places.Find(message)?.Line, Name: test.Text("fullName"),
                    Message: message));
                break;
            default:
                report.Skipped++;
                break;
        }
    }

    private static bool ReadOwn(JsonElement document, string runner, BuildReport report)
    {
        report.Format = runner;
        report.Passed = document.Number("passed") ?? 0;
        report.Skipped = document.Number("skipped") ?? 0;

        foreach (var finding in document.Child("findings").Items())
        {
            report.Add(new BuildFinding(
                finding.Text("severity") == "failed" ? "failed" : "error", finding.Text("file"),
                finding.Number("line"), finding.Number("column"), Name: finding.Text("name"),
                Message: finding.Text("message")));
        }

        return true;
    }
}

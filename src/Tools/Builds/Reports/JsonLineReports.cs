using System.Text.Json;

namespace Reeve.Tools.Builds.Reports;

/// <summary>Reports of one JSON object a line: cargo's <c>--message-format=json</c>, and go's test2json.</summary>
internal static class JsonLineReports
{
    private const int OutputCharsMax = 4_000;

    public static bool ReadCargo(string text, BuildReport report)
    {
        report.Format = "cargo-json";

        foreach (var line in Objects(text, report))
        {
            if (line.Text("reason") == "compiler-message" && line.Child("message") is { } message)
            {
                ReadDiagnostic(message, report);
            }
        }

        return true;
    }

    public static bool ReadGo(string text, BuildReport report)
    {
        report.Format = "go-json";
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);

        foreach (var line in Objects(text, report))
        {
            var (package, test) = (line.Text("Package"), line.Text("Test"));
            var name = test.Length > 0 ? $"{package}.{test}" : package;

            switch (line.Text("Action"))
            {
                case "output":
                    var known = outputs.GetValueOrDefault(name, "");
                    outputs[name] = known.Length < OutputCharsMax ? known + line.Text("Output") : known;
                    break;
                case "pass" when test.Length > 0:
                    report.Passed++;
                    break;
                case "skip" when test.Length > 0:
                    report.Skipped++;
                    break;
                case "fail" when test.Length > 0:
                    AddFailure(report, name, outputs.GetValueOrDefault(name, ""));
                    break;
                case "fail" when report.Failed == 0:
                    report.Add(new BuildFinding("error", Name: package, Message: outputs.GetValueOrDefault(name, "")));
                    break;
                default:
                    break;
            }
        }

        return true;
    }

    private static void AddFailure(BuildReport report, string name, string output)
    {
        // "    file_test.go:12: message" below the line that says RUN.
        var line = output.Split('\n').FirstOrDefault(each => each.Contains("_test.go:", StringComparison.Ordinal));
        var place = line is null ? null : Places.Find(line.Trim());
        report.Add(new BuildFinding("failed", place?.File ?? "", place?.Line, Name: name, Message: line ?? output));
    }

    private static void ReadDiagnostic(JsonElement message, BuildReport report)
    {
        var severity = message.Text("level");

        if (severity is not ("error" or "warning") || message.Child("spans") is not { } spans)
        {
            return;
        }

        foreach (var span in spans.EnumerateArray())
        {
            if (span.TryGetProperty("is_primary", out var isPrimary) && isPrimary.ValueKind == JsonValueKind.True)
            {
                report.Add(new BuildFinding(
                    severity, span.Text("file_name"), span.Number("line_start"), span.Number("column_start"),
                    message.Child("code")?.Text("code") ?? "", Message: message.Text("message")));
                return;
            }
        }
    }

    private static IEnumerable<JsonElement> Objects(string text, BuildReport report)
    {
        foreach (var line in text.Split('\n'))
        {
            JsonElement element;

            try
            {
                element = line.StartsWith('{') ? JsonElement.Parse(line) : default;
            }
            catch (JsonException)
            {
                report.IsCut = true;
                continue;
            }

            if (element.ValueKind == JsonValueKind.Object)
            {
                yield return element;
            }
        }
    }
}

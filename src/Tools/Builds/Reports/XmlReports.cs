using System.Globalization;
using System.Xml;

namespace Reeve.Tools.Builds.Reports;

/// <summary>Test reports in XML: JUnit's, as pytest, node, mocha and vitest write it, and Visual Studio's
/// TRX.</summary>
internal static class XmlReports
{
    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = 4 * 1024 * 1024,
    };

    /// <summary>Reads one or several documents that stand behind each other.</summary>
    public static bool TryRead(string text, BuildReport report)
    {
        var from = 0;

        while (from >= 0 && from < text.Length)
        {
            var next = text.IndexOf("<?xml", from + 1, StringComparison.Ordinal);
            var document = text[from..(next < 0 ? text.Length : next)];
            using var reader = XmlReader.Create(new StringReader(document), s_settings);
            reader.MoveToContent();

            switch (reader.LocalName)
            {
                case "testsuites" or "testsuite":
                    report.Format = "junit";
                    ReadJUnit(reader, report);
                    break;
                case "TestRun":
                    report.Format = "trx";
                    ReadTrx(reader, report);
                    break;
                default:
                    return report.Format != BuildReport.Unparsed;
            }

            from = next;
        }

        return true;
    }

    private static void ReadJUnit(XmlReader reader, BuildReport report)
    {
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "testcase" })
            {
                ReadCase(reader, report);
            }
        }
    }

    // One of failure, error and skipped stands inside of a case that has not passed.
    private static void ReadCase(XmlReader reader, BuildReport report)
    {
        var scope = reader.GetAttribute("classname");
        var name = reader.GetAttribute("name") ?? "";
        var file = reader.GetAttribute("file") ?? "";
        var line = Number(reader.GetAttribute("line"));
        var whole = string.IsNullOrEmpty(scope) ? name : $"{scope}.{name}";

        if (reader.IsEmptyElement)
        {
            report.Passed++;
            return;
        }

        var depth = reader.Depth;
        var isOver = false;

        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != depth + 1)
            {
                continue;
            }

            if (reader.LocalName is "failure" or "error")
            {
                var message = reader.GetAttribute("message") ?? "";
                var text = reader.IsEmptyElement ? "" : reader.ReadString();
                var place = Places.Find(text);
                report.Add(new BuildFinding(
                    "failed", place?.File ?? file, place?.Line ?? line, Name: whole,
                    Message: message.Length > 0 ? message : text));
                isOver = true;
            }
            else if (reader.LocalName == "skipped")
            {
                report.Skipped++;
                isOver = true;
            }
        }

        report.Passed += isOver ? 0 : 1;
    }

    private static void ReadTrx(XmlReader reader, BuildReport report)
    {
        while (reader.Read())
        {
            if (reader is not { NodeType: XmlNodeType.Element, LocalName: "UnitTestResult" })
            {
                continue;
            }

            var name = reader.GetAttribute("testName") ?? "";
            var outcome = reader.GetAttribute("outcome") ?? "";

            switch (outcome)
            {
                case "Passed":
                    report.Passed++;
                    break;
                case "NotExecuted" or "Inconclusive" or "NotRunnable" or "Pending":
                    report.Skipped++;
                    break;
                default:
                    var (message, stack) = ReadError(reader);
                    var place = Places.Find(stack);
                    report.Add(new BuildFinding(
                        "failed", place?.File ?? "", place?.Line, Name: name, Message: message));
                    break;
            }
        }
    }

    private static (string Message, string Stack) ReadError(XmlReader reader)
    {
        var (message, stack, depth) = ("", "", reader.Depth);

        while (!reader.IsEmptyElement && reader.Read() && reader.Depth > depth)
        {
            if (reader is { NodeType: XmlNodeType.Element, LocalName: "Message" })
            {
                message = reader.ReadString();
            }
            else if (reader is { NodeType: XmlNodeType.Element, LocalName: "StackTrace" })
            {
                stack = reader.ReadString();
            }
        }

        return (message, stack);
    }

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

using System.Text;

namespace Reeve.Tools.Builds;

/// <summary>What a build, test or lint run reported, read from its machine format or from lines of a known
/// shape.</summary>
internal sealed class BuildReport
{
    public const int FindingsMax = 200;
    public const string Unparsed = "unparsed";

    private const int MessageCharsMax = 1_000;

    private readonly List<BuildFinding> _findings = [];
    private readonly HashSet<(string, int?, string, string)> _known = [];

    /// <summary>The name of the format that was read; <see cref="Unparsed"/> where none was.</summary>
    public string Format { get; set; } = Unparsed;

    public int Passed { get; set; }

    public int Failed { get; private set; }

    public int Skipped { get; set; }

    public int Errors { get; private set; }

    public int Warnings { get; private set; }

    /// <summary>True when the report ended in the middle: the counts are then too small.</summary>
    public bool IsCut { get; set; }

    public IReadOnlyList<BuildFinding> Findings => _findings;

    public bool HasTests => Passed + Failed + Skipped > 0;

    public void Add(BuildFinding finding)
    {
        var message = Plain(finding.Message);
        var file = Relative(finding.File);

        // Some tools tell the same twice: where it happens and in the summary. Tests may share a name.
        if (finding.Severity != "failed" && !_known.Add((file, finding.Line, finding.Code, message)))
        {
            return;
        }

        Failed += finding.Severity == "failed" ? 1 : 0;
        Errors += finding.Severity == "error" ? 1 : 0;
        Warnings += finding.Severity == "warning" ? 1 : 0;

        if (_findings.Count < FindingsMax)
        {
            _findings.Add(finding with { File = file, Message = message, Name = Plain(finding.Name) });
        }
    }

    private static string Relative(string file)
    {
        const string Root = "/workspace/";

        return file.StartsWith(Root, StringComparison.Ordinal) ? file[Root.Length..]
            : file.StartsWith("./", StringComparison.Ordinal) ? file[2..] : file;
    }

    private static string Plain(string text)
    {
        var page = new StringBuilder();
        Shell.TerminalText.Append(page, Encoding.UTF8.GetBytes(text));
        var plain = page.ToString().Trim();

        return plain.Length <= MessageCharsMax ? plain : plain[..MessageCharsMax] + "…";
    }
}

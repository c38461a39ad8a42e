using Reeve.Cli.Screen;
using Reeve.Hosting.Runs;

namespace Reeve.Cli.Output;

/// <summary>Says what came of applying or undoing.</summary>
internal static class ApplyWords
{
    public const int PathsShownMax = 40;

    public static void Write(ApplyReport report, string id, string verb, LineWriter line)
    {
        if (report.IsDone)
        {
            line([new Piece($"✓ {verb} {RunWords.Count(report.Written.Count, "path")}", Style.Good)]);
            Branch(report, line);
            Paths(report.LeftOut, "left out", line);
            line([new Piece("  → ", Style.Accent), verb == "applied" ? $"reeve undo {id}" : $"reeve apply {id}"]);
            return;
        }

        if (report.Conflicts.Count == 0)
        {
            line([new Piece($"✓ nothing to do: no change is there to be {verb}", Style.Dim)]);
            Branch(report, line);
            Paths(report.LeftOut, "left out", line);
            return;
        }

        line([new Piece("✗ nothing was written: these files were changed meanwhile", Style.Bad)]);
        Paths(report.Conflicts, "changed", line);
    }

    private static void Branch(ApplyReport report, LineWriter line)
    {
        if (report.Branch.Length > 0)
        {
            var word = report.Commit.Length > 0 ? $"is on {report.Commit[..12]}" : "was removed";
            line([$"  branch {report.Branch}", new Piece($"  {word}", Style.Dim)]);
        }

        if (report.BranchProblem.Length > 0)
        {
            line([new Piece($"  commits left out: {InertText.OneLine(report.BranchProblem, 400)}", Style.Warning)]);
        }
    }

    private static void Paths(IReadOnlyList<string> paths, string word, LineWriter line)
    {
        foreach (var path in paths.Take(PathsShownMax))
        {
            line([$"  {InertText.OneLine(path, 400)}", new Piece($"  {word}", Style.Dim)]);
        }

        if (paths.Count > PathsShownMax)
        {
            line([$"  … and {paths.Count - PathsShownMax} more"]);
        }
    }
}

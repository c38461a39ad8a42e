using System.Diagnostics;
using Reeve.Doors.Views;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Views;

public sealed class UnifiedDiffTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("reeve-diff-").FullName;

    [Fact]
    public void Git_applies_every_difference_to_the_old_text_and_gets_the_new_one()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var old = TextOf(random, random.Next(30));
            var now = random.Next(3) == 0 ? TextOf(random, random.Next(30)) : Edited(old, random);
            File.WriteAllText(Path.Join(_folder, "file"), old);

            var (text, added, removed) = UnifiedDiff.Of("file", old, now);

            if (old != now)
            {
                Apply(text);
            }

            Assert.Equal(now, File.ReadAllText(Path.Join(_folder, "file")));
            Assert.Equal(LineCount(now) - LineCount(old), added - removed);
        }
    }

    [Fact]
    public void A_text_with_one_line_past_the_limit_is_not_shown()
    {
        var most = string.Concat(Enumerable.Repeat("x\n", ViewLimits.DiffLinesMax));

        Assert.Equal(ViewLimits.DiffLinesMax, UnifiedDiff.Of("file", null, most).Added);
        Assert.Equal((string.Empty, 0, 0), UnifiedDiff.Of("file", null, most + "x\n"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static int LineCount(string text) =>
        text.Count(character => character == '\n') + (text.Length > 0 && !text.EndsWith('\n') ? 1 : 0);

    private static string TextOf(Random random, int lines) =>
        string.Concat(Enumerable.Range(0, lines).Select(_ => $"line {random.Next(6)}\n"))
        + (random.Next(3) == 0 ? "no end" : string.Empty);

    private static string Edited(string text, Random random)
    {
        var lines = text.Split('\n').ToList();
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            lines.Insert(random.Next(lines.Count), $"new {random.Next(4)}");
            lines.RemoveAt(random.Next(lines.Count));
        }

        return string.Join('\n', lines);
    }

    private void Apply(string text)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["apply", "--unidiff-zero", "-"])
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        git.StandardInput.Write(text);
        git.StandardInput.Close();
        var errors = git.StandardError.ReadToEnd();
        git.WaitForExit();
        Assert.True(git.ExitCode == 0, errors + text);
    }
}

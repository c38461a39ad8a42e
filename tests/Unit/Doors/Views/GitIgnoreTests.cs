using System.Diagnostics;
using Reeve.Doors.Files;
using Reeve.Doors.Views;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Views;

/// <summary>Compared with git itself, path by path.</summary>
public sealed class GitIgnoreTests : IDisposable
{
    private static readonly string[] s_patterns =
    [
        "*.log", "!keep.log", "build/", "/top", "a/b", "**/deep", "src/**", "src/*", "!src/keep", "a/**/z",
        "[ab].txt", "[!x]y",
        "file?", "# comment", "\\#hash", "trail  ", "*", "!*/", "x*y", "doc/*.md", "/", "foo/*", "*.[oa]", "sp ace",
    ];

    private static readonly string[] s_names =
    [
        "x.log", "keep.log", "build", "top", "a", "b", "deep", "src", "keep", "z", "a.txt", "xy", "ay", "file1",
        "#hash",
        "trail", "doc", "r.md", "foo", "m.o", "sp ace",
    ];

    private readonly string _root = Directory.CreateTempSubdirectory("reeve-ignore-").FullName;

    [Fact]
    public void Ignores_exactly_what_git_ignores()
    {
        Git("init", "-q");
        using var root = Beneath.OpenRoot(_root);
        var compared = 0;

        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            WriteRules(".gitignore", random);
            WriteRules("src/.gitignore", random);
            WriteRules(".git/info/exclude", random);
            var paths = Enumerable.Range(0, 60).Select(_ => PathOf(random)).Distinct(StringComparer.Ordinal).ToList();
            foreach (var path in paths.Where(_ => random.Next(3) == 0))
            {
                Directory.CreateDirectory(Path.Join(_root, path));
            }

            var expected = IgnoredByGit(paths);

            var ignore = new GitIgnore(path => Beneath.TryOpen(root, path, Native.OpenRead, false).Handle);

            foreach (var path in paths)
            {
                var isIgnored = ignore.IsIgnored(path, Directory.Exists(Path.Join(_root, path)));
                Assert.True(
                    expected.Contains(path) == isIgnored,
                    $"seed {seed}, {path}, git says {expected.Contains(path)}:\n"
                    + File.ReadAllText(Path.Join(_root, ".gitignore")) + "--\n"
                    + File.ReadAllText(Path.Join(_root, "src/.gitignore")) + "--\n"
                    + File.ReadAllText(Path.Join(_root, ".git/info/exclude")));
                compared++;
            }
        }

        Assert.InRange(compared, 1_000, int.MaxValue);
    }

    [Fact]
    public void A_rule_past_the_longest_ignores_nothing()
    {
        var longest = new string('a', GitIgnore.RuleLengthMax);
        File.WriteAllText(Path.Join(_root, ".gitignore"), $"{longest}\nb{longest}\n");
        using var root = Beneath.OpenRoot(_root);
        var ignore = new GitIgnore(path => Beneath.TryOpen(root, path, Native.OpenRead, false).Handle);

        Assert.True(ignore.IsIgnored(longest, isDirectory: false));
        Assert.False(ignore.IsIgnored("b" + longest, isDirectory: false));
    }

    [Fact]
    public void Knows_what_git_tracks()
    {
        Git("init", "-q");
        File.WriteAllText(Path.Join(_root, "one.log"), "1");
        Directory.CreateDirectory(Path.Join(_root, "folder"));
        File.WriteAllText(Path.Join(_root, "folder", "a rather long name of a file.txt"), "2");
        Git("add", "-A");
        using var root = Beneath.OpenRoot(_root);
        using var index = Beneath.Open(root, ".git/index", Native.OpenRead, false);

        Assert.Equal(
            ["folder/a rather long name of a file.txt", "one.log"],
            GitIndex.TrackedPaths(index).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string PathOf(Random random) =>
        string.Join('/', Enumerable.Range(0, random.Next(1, 5)).Select(_ => s_names[random.Next(s_names.Length)]));

    private void WriteRules(string path, Random random)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Join(_root, path))!);
        var rules = Enumerable.Range(0, random.Next(4)).Select(_ => s_patterns[random.Next(s_patterns.Length)]);
        File.WriteAllLines(Path.Join(_root, path), rules);
    }

    private HashSet<string> IgnoredByGit(List<string> paths)
    {
        using var git = Start("check-ignore", "--no-index", "-z", "--stdin");
        git.StandardInput.Write(string.Concat(paths.Select(path => path + "\0")));
        git.StandardInput.Close();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();

        return output.Split('\0', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
    }

    private void Git(params string[] arguments)
    {
        using var git = Start(arguments);
        git.StandardInput.Close();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    private Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("git", arguments)
    {
        WorkingDirectory = _root,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        UseShellExecute = false,
    })!;
}

using System.Diagnostics;
using System.Runtime.Versioning;
using Reeve.Doors.Repositories;
using Reeve.Doors.Views;
using Xunit;

namespace Reeve.Tests.Scenarios.Views;

/// <summary>What an agent commits with git in its view, looked at from outside with a real git.</summary>
[SupportedOSPlatform("linux")]
[Trait("Req", "FS-3")]
public sealed class CommitTests : IDisposable
{
    private const string Branch = "reeve/0123abc";

    private const string Commit = """
        export HOME=/tmp GIT_CONFIG_GLOBAL=/dev/null
        commit() { git -c user.name=A -c user.email=a@b.c commit -q "$@"; }

        """;

    private readonly Sample _sample = new();

    public CommitTests()
    {
        Git("init", "-q", "-b", "main");
        Git("add", "-A");
        CommitAsUser("first");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task Commits_arrive_as_a_branch_and_nothing_else_of_the_repository_changes(ViewPreference preference)
    {
        using var view = await _sample.OpenAsync(preference);
        Sample.Shell(view, Commit + """
            echo two >> src/app.py; git add -A; commit -m second
            mkdir more; echo x > more/x; git add -A; commit -m third
            git config core.pager 'touch /tmp/never'; git checkout -q -b other; echo y > more/y
            """);
        PlantHooks();
        var before = RestOfRepository();

        var outcome = await ApplyAsync(view);

        Assert.Null(outcome.BranchRefusal);
        Assert.Equal(["third", "second", "first"], Git("log", "--format=%s", Branch).Split('\n'));
        Assert.Equal("x", Git("show", $"{Branch}:more/x"));
        Assert.Equal(outcome.Branch!.To, Git("rev-parse", Branch));
        Git("fsck", "--strict", "--no-dangling");
        Assert.Equal(before, RestOfRepository());
        Assert.False(File.Exists(_sample.At("hook-ran")));
        Assert.Equal("y\n", File.ReadAllText(_sample.At("more/y")));

        var undone = await new ApplyTransaction(view).UndoAsync(Stop);

        Assert.Equal(Branch, undone.Branch!.Name);
        Assert.DoesNotContain("reeve", Git("branch", "--list"), StringComparison.Ordinal);
        Assert.Equal(before, RestOfRepository());
        await ApplyAsync(view);
        Assert.Equal(outcome.Branch.To, Git("rev-parse", Branch));
    }

    [Theory]
    [InlineData("git branch -q -f reeve/0123abc main")]
    [InlineData("git pack-refs --all")]
    [InlineData("git checkout -q -f reeve/0123abc")]
    public async Task A_branch_that_the_user_has_taken_over_outlives_undo(string taken)
    {
        using var view = await _sample.OpenAsync(ViewPreference.Copy);
        Sample.Shell(view, Commit + "git checkout -q -b x; commit --allow-empty -m empty");
        await ApplyAsync(view);
        ShellAsUser(taken);
        var place = Git("rev-parse", Branch);

        var undone = await new ApplyTransaction(view).UndoAsync(Stop);

        Assert.Equal("git.branch_moved", undone.BranchRefusal!.Code);
        Assert.Equal(place, Git("rev-parse", Branch));
    }

    [Theory]
    [InlineData("git.packed", "commit -m c; git repack -q -a -d")]
    [InlineData("git.damaged", "commit -m c; o=.git/objects/$(git rev-parse HEAD:new.txt | sed 's,^..,&/,');"
        + " chmod 600 $o; head -c 9 $o > t; cat t > $o; rm t")]
    [InlineData("git.damaged", "o=.git/objects/$(echo evil | git hash-object -w --stdin | sed 's,^..,&/,');"
        + " commit -m c; n=.git/objects/$(git rev-parse HEAD:new.txt | sed 's,^..,&/,'); chmod 600 $n; cat $o > $n")]
    [InlineData("git.unsafe_path", "b=$(git hash-object -w new.txt); t=$(printf \"100644 blob $b\\tx\" | git mktree);"
        + " (printf '40000 .GIT\\0'; git rev-parse $t | perl -ne 'chomp; print pack(q(H*), $_)')"
        + " | git hash-object -t tree --literally -w --stdin > t; git update-ref HEAD"
        + " $(git -c user.name=A -c user.email=a@b.c commit-tree -m evil $(cat t)); rm t")]
    [InlineData("git.submodule",
        "git init -q sub; cd sub; commit --allow-empty -m in; cd ..; git add sub; commit -m c")]
    [InlineData("git.many_branches", "git checkout -q -b a; commit -m c; git checkout -q -b b main;"
        + " commit --allow-empty -m d; git checkout -q main")]
    public async Task What_cannot_be_brought_safely_is_named_and_the_files_arrive(string code, string script)
    {
        using var view = await _sample.OpenAsync(ViewPreference.Copy);
        Sample.Shell(view, Commit + "echo new > new.txt; git add new.txt; " + script + "; echo new > new.txt");

        var outcome = await ApplyAsync(view);

        Assert.Equal(code, outcome.BranchRefusal?.Code);
        Assert.Equal(ApplyStatus.Applied, outcome.Status);
        Assert.Equal("new\n", File.ReadAllText(_sample.At("new.txt")));
        Assert.DoesNotContain("reeve", Git("branch", "--list"), StringComparison.Ordinal);
        Git("fsck", "--strict");
    }

    [Theory]
    [InlineData("git.branch_refused", "git branch reeve")]
    [InlineData("git.branch_refused", "git branch reeve; git pack-refs --all")]
    [InlineData("git.branch_moved", "git branch reeve/0123abc")]
    [InlineData("git.no_repository", "mv .git ../elsewhere; echo \"gitdir: ../elsewhere\" > .git")]
    public async Task A_repository_that_cannot_take_the_branch_says_so(string code, string script)
    {
        using var view = await _sample.OpenAsync(ViewPreference.Copy);
        Sample.Shell(view, Commit + "echo new > new.txt; git add new.txt; commit -m c");
        ShellAsUser(script);

        var outcome = await ApplyAsync(view);

        Assert.Equal(code, outcome.BranchRefusal?.Code);
        Assert.Equal("new\n", File.ReadAllText(_sample.At("new.txt")));
    }

    [Fact]
    public async Task In_a_worktree_files_arrive_and_the_folder_of_git_stays_out_of_reach()
    {
        Git("worktree", "add", "-q", _sample.At("../tree"));
        using var view = await new WorkspaceViews(TimeProvider.System).OpenAsync(
            _sample.RunDirectory, _sample.At("../tree"), Sample.RunUserHere, ViewPreference.Copy, Stop);
        Sample.Shell(view, Commit + """
            ! git status 2> /dev/null; rm .git; git init -q; echo new > new.txt; git add -A; commit -m c
            """);

        var outcome = await ApplyAsync(view);

        Assert.Equal("git.no_repository", outcome.BranchRefusal?.Code);
        Assert.True(File.Exists(_sample.At("../tree/.git")));
        Assert.Equal("new\n", File.ReadAllText(_sample.At("../tree/new.txt")));
    }

    [Fact]
    public async Task A_run_brings_no_more_than_the_limits_say()
    {
        using var view = await _sample.OpenAsync(ViewPreference.Copy);
        Sample.Shell(view, Commit + "echo new > new.txt; git add new.txt; commit -m c");
        var options = new ApplyOptions(Branch: Branch);
        var digest = await view.DigestAsync(Stop);

        // The commit, its tree and the new content.
        foreach (var limits in new[] { new ImportLimits(ObjectsMax: 2), new ImportLimits(TotalBytesMax: 100) })
        {
            var refused = await new ApplyTransaction(view).ApplyAsync(options with { Import = limits }, digest, Stop);
            Assert.Equal("git.too_large", refused.BranchRefusal?.Code);
            await new ApplyTransaction(view).UndoAsync(Stop);
        }

        var outcome = await new ApplyTransaction(view).ApplyAsync(
            options with { Import = new ImportLimits(ObjectsMax: 40) }, digest, Stop);
        Assert.NotNull(outcome.Branch);
    }

    [Fact]
    public async Task A_cut_apply_or_undo_has_the_branch_exactly_where_it_has_the_files()
    {
        using (var view = await _sample.OpenAsync(ViewPreference.Copy))
        {
            Sample.Shell(view, Commit + "echo new > new.txt; git add new.txt; commit -m c");
        }

        var (isDone, cut, without) = (false, 0, 0);
        while (!isDone)
        {
            isDone = await TryToAsync(++cut, isUndo: false);
            without += File.Exists(_sample.At("new.txt")) ? 0 : 1;
            AssertTogether();
            for (var (undoCut, isUndone) = (0, false); !isUndone;)
            {
                isUndone = await TryToAsync(++undoCut, isUndo: true);
                AssertTogether();
            }

            Assert.False(File.Exists(_sample.At("new.txt")));
        }

        Assert.InRange(cut, 6, 40);
        Assert.InRange(without, 3, cut - 2);
    }

    public void Dispose() => _sample.Dispose();

    private async Task<bool> TryToAsync(int cut, bool isUndo)
    {
        using (var view = await _sample.OpenAsync(ViewPreference.Copy))
        {
            try
            {
                var transaction = new ApplyTransaction(view, new CutAt(cut));
                _ = isUndo ? await transaction.UndoAsync(Stop) : await ApplyAsync(view, transaction);
                return true;
            }
            catch (TimeoutException)
            {
                // The cut.
            }
        }

        using var again = await _sample.OpenAsync(ViewPreference.Copy);
        await new ApplyTransaction(again).RecoverAsync(Stop);
        return false;
    }

    private void AssertTogether()
    {
        var hasBranch = Git("branch", "--list").Contains(Branch, StringComparison.Ordinal);
        Assert.Equal(File.Exists(_sample.At("new.txt")), hasBranch);
        Git("fsck", "--strict");
    }

    private static Task<ApplyOutcome> ApplyAsync(WorkspaceView view) => ApplyAsync(view, new ApplyTransaction(view));

    private static async Task<ApplyOutcome> ApplyAsync(WorkspaceView view, ApplyTransaction transaction) =>
        await transaction.ApplyAsync(new ApplyOptions(Branch: Branch), await view.DigestAsync(Stop), Stop);

    // All of git's folder but what was added: objects, and the one branch.
    private string RestOfRepository() => string.Join('\n', Sample.FingerprintOf(_sample.At(".git"), withTimes: true)
        .Split('\n')
        .Where(line => !line.StartsWith("/objects", StringComparison.Ordinal)
            && !line.StartsWith("/refs/heads/reeve", StringComparison.Ordinal)));

    private void PlantHooks()
    {
        foreach (var hook in new[] { "reference-transaction", "post-checkout", "post-commit", "update" })
        {
            _sample.Write($".git/hooks/{hook}", "#!/bin/sh\necho ran >> " + _sample.At("hook-ran") + "\n");
            File.SetUnixFileMode(_sample.At($".git/hooks/{hook}"), (UnixFileMode)0b111_101_101);
        }
    }

    private void CommitAsUser(string message) =>
        Git("-c", "user.name=U", "-c", "user.email=u@u.u", "commit", "-q", "-m", message);

    private void ShellAsUser(string script) => Run("sh", ["-ec", script]);

    private string Git(params string[] arguments) => Run("git", arguments);

    private string Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _sample.Workspace,
            RedirectStandardOutput = true,
        };
        start.Environment["HOME"] = "/tmp";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, string.Join(' ', arguments));

        return output.TrimEnd('\n');
    }

    private sealed class CutAt(int cut) : IApplySteps
    {
        private int _count;

        public void Before(ApplyStep step)
        {
            if (++_count == cut)
            {
                throw new TimeoutException("cut");
            }
        }
    }
}

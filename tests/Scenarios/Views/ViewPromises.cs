using System.Runtime.Versioning;
using Reeve.Authority;
using Reeve.Doors.Views;
using Reeve.Kernel.Views;
using Xunit;

namespace Reeve.Tests.Scenarios.Views;

/// <summary>What every kind of view keeps to, through the front door of the views.</summary>
[SupportedOSPlatform("linux")]
[Trait("Req", "FS-3")]
public abstract class ViewPromises(ViewPreference preference) : IDisposable
{
    private readonly Sample _sample = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_workspace_stays_byte_identical_until_apply()
    {
        var before = _sample.Fingerprint();
        using var view = await _sample.OpenAsync(preference);

        ChangeMuch(view);
        await view.CheckpointAsync(Stop);
        var changes = await view.DiffAsync(Stop);

        Assert.NotEmpty(changes);
        Assert.Equal(before, _sample.Fingerprint());
    }

    [Fact]
    public async Task Says_what_differs_in_path_order()
    {
        using var view = await _sample.OpenAsync(preference);
        Assert.Empty(await view.DiffAsync(Stop));

        ChangeMuch(view);
        var changes = await view.DiffAsync(Stop);

        Assert.Equal(
            [
                ("a.log", ChangeKind.Added, true, false),
                ("fifo", ChangeKind.Added, false, true),
                ("keep.log", ChangeKind.Added, false, false),
                ("link", ChangeKind.TypeChanged, false, false),
                ("new", ChangeKind.Added, false, false),
                ("new/file.txt", ChangeKind.Added, false, false),
                ("run.sh", ChangeKind.ModeChanged, false, false),
                ("setid", ChangeKind.Added, false, true),
                ("src/app.py", ChangeKind.Modified, false, false),
                ("src/old.txt", ChangeKind.Deleted, false, false),
            ],
            changes.Select(change => (change.Path, change.Kind, change.IsIgnored, change.IsRefused)));
        Assert.Equal(
            "--- a/src/app.py\n+++ b/src/app.py\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n",
            changes.Single(change => change.Path == "src/app.py").UnifiedDiff);
    }

    [Fact]
    public async Task Brings_the_reviewed_difference_and_takes_it_back()
    {
        var before = _sample.Fingerprint();
        using var view = await _sample.OpenAsync(preference);
        ChangeMuch(view);
        var transaction = new ApplyTransaction(view);

        var outcome = await transaction.ApplyAsync(new ApplyOptions(), await view.DigestAsync(Stop), Stop);

        Assert.Equal(ApplyStatus.Applied, outcome.Status);
        Assert.Equal(["a.log", "fifo", "setid"], outcome.LeftOut);
        Assert.Equal("one\n2\nthree\n", File.ReadAllText(_sample.At("src/app.py")));
        Assert.Equal((UnixFileMode)0b110_000_000, File.GetUnixFileMode(_sample.At("src/app.py")));
        Assert.False(File.Exists(_sample.At("src/old.txt")));
        Assert.Equal("hello\n", File.ReadAllText(_sample.At("new/file.txt")));
        Assert.Equal(
            ["a.log", "fifo", "setid"], (await view.DiffAsync(Stop)).Select(change => change.Path));

        var undone = await transaction.UndoAsync(Stop);

        Assert.Equal(ApplyStatus.Undone, undone.Status);
        Assert.Equal(before, _sample.Fingerprint());
        Assert.Equal(10, (await view.DiffAsync(Stop)).Count);

        var again = await transaction.ApplyAsync(new ApplyOptions(), await view.DigestAsync(Stop), Stop);

        Assert.Equal(outcome.Written, again.Written);
    }

    [Fact]
    public async Task What_the_shell_writes_the_file_tools_see_and_the_reverse()
    {
        using var view = await _sample.OpenAsync(preference);
        using var files = Sample.FilesOf(view);

        Sample.Shell(view, "echo from the shell >> src/app.py; mkdir made; echo x > made/by-shell");
        await files.WriteAsync("src/by-tool.txt", "from the tool\n"u8.ToArray(), Stop);
        await files.WriteAsync("readme.md", "rewritten\n"u8.ToArray(), Stop);
        await files.WriteAsync("made/deep/by-tool.txt", "x\n"u8.ToArray(), Stop);
        files.Delete("src/old.txt");

        using var read = new StreamReader(files.OpenRead("src/app.py").Value);
        Assert.EndsWith("from the shell\n", read.ReadToEnd(), StringComparison.Ordinal);
        Assert.Equal(["made/by-shell", "made/deep"], files.List("made", 10).Value.Select(entry => entry.Path));
        Sample.Shell(view, """
            grep -q 'from the tool' src/by-tool.txt; grep -q rewritten readme.md; test ! -e src/old.txt
            echo more >> src/by-tool.txt; echo more >> readme.md; echo more > made/deep/by-tool.txt; rm -r made/deep
            """.ReplaceLineEndings("; "));
        Assert.Equal("file.not_found", Assert.Throws<ProblemException>(() => files.Stat("made/deep")).Problem.Code);
        Assert.Equal(
            ["made", "made/by-shell", "readme.md", "src/app.py", "src/by-tool.txt", "src/old.txt"],
            (await view.DiffAsync(Stop)).Select(change => change.Path));
    }

    [Fact]
    public async Task What_a_command_has_closed_is_recorded_and_brought_back()
    {
        using var view = await _sample.OpenAsync(preference);
        Sample.Shell(view, """
            echo kept > shut.txt; chmod 000 shut.txt; mkdir shut; echo in > shut/in.txt; chmod 500 shut
            """);
        var checkpoint = await view.CheckpointAsync(Stop);
        Sample.Shell(view, "rm shut.txt; chmod 700 shut; rm shut/in.txt; chmod 300 shut; chmod 500 src");

        await view.RestoreAsync(checkpoint, Stop);

        Assert.Equal(checkpoint, await view.DigestAsync(Stop));
        Sample.Shell(view, """
            chmod 600 shut.txt; grep -q kept shut.txt; grep -q in shut/in.txt; test ! -w shut || test $(id -u) = 0
            """);
    }

    [Fact]
    public async Task A_command_reaches_the_tree_below_a_folder_it_may_not_enter()
    {
        using var view = await new WorkspaceViews(TimeProvider.System).OpenAsync(
            _sample.HiddenRunDirectory, _sample.Workspace, Sample.RunUserHere, preference, Stop);

        Sample.Shell(view, "echo reached > src/reached.txt");

        Assert.Equal(["src/reached.txt"], (await view.DiffAsync(Stop)).Select(change => change.Path));
    }

    [Fact]
    public async Task What_git_would_act_upon_is_shown_and_never_applied()
    {
        using var view = await _sample.OpenAsync(preference);
        Sample.Shell(view, """
            mkdir -p .git/hooks .git/objects/aa; echo evil > .git/hooks/pre-commit; echo x > .git/objects/aa/b
            """);

        var changes = await view.DiffAsync(Stop);
        var outcome = await new ApplyTransaction(view).ApplyAsync(
            new ApplyOptions(IncludesIgnored: true), await view.DigestAsync(Stop), Stop);

        Assert.Equal([".git", ".git/hooks", ".git/hooks/pre-commit"], changes.Select(change => change.Path));
        Assert.All(changes, change => Assert.True(change.IsRefused));
        Assert.Equal(ApplyStatus.NothingToDo, outcome.Status);
        Assert.False(Directory.Exists(_sample.At(".git")));
    }

    [Fact]
    public async Task A_folder_replaced_by_another_of_the_same_name_shows_what_is_gone()
    {
        using var view = await _sample.OpenAsync(preference);

        Sample.Shell(view, "rm -r src; umask 022; mkdir src; echo only > src/new.txt");

        Assert.Equal(
            [
                ("src/app.py", ChangeKind.Deleted),
                ("src/deep", ChangeKind.Deleted),
                ("src/deep/note.txt", ChangeKind.Deleted),
                ("src/new.txt", ChangeKind.Added),
                ("src/old.txt", ChangeKind.Deleted),
            ],
            (await view.DiffAsync(Stop)).Select(change => (change.Path, change.Kind)));
    }

    [Fact]
    public async Task Opens_again_from_its_directory_alone()
    {
        TreeDigest digest;
        using (var view = await _sample.OpenAsync(preference))
        {
            ChangeMuch(view);
            digest = await view.CheckpointAsync(Stop);
        }

        using var again = await new WorkspaceViews(TimeProvider.System).ReopenAsync(_sample.RunDirectory, Stop);

        Assert.Equal(digest, await again.DigestAsync(Stop));
    }

    [Fact]
    public async Task Never_overwrites_what_the_user_has_edited_meanwhile()
    {
        using var view = await _sample.OpenAsync(preference);
        ChangeMuch(view);
        _sample.Write("src/app.py", "the user's own\n");
        _sample.Write("new/users.txt", "the user's own\n");
        var before = _sample.Fingerprint();

        var outcome = await new ApplyTransaction(view).ApplyAsync(
            new ApplyOptions(), await view.DigestAsync(Stop), Stop);

        Assert.Equal(ApplyStatus.Conflict, outcome.Status);
        Assert.Equal(["new", "src/app.py"], outcome.Conflicts);
        Assert.Equal(["new", "src/app.py"], await view.ConflictsAsync(Stop));
        Assert.Equal(before, _sample.Fingerprint());
    }

    [Fact]
    public async Task Undo_never_overwrites_what_the_user_has_edited_since()
    {
        using var view = await _sample.OpenAsync(preference);
        ChangeMuch(view);
        var transaction = new ApplyTransaction(view);
        await transaction.ApplyAsync(new ApplyOptions(), await view.DigestAsync(Stop), Stop);
        _sample.Write("src/app.py", "the user's own\n");
        _sample.Write("new/users.txt", "the user's own\n");
        var before = _sample.Fingerprint();

        var outcome = await transaction.UndoAsync(Stop);

        Assert.Equal(ApplyStatus.Conflict, outcome.Status);
        Assert.Equal(["new/users.txt", "src/app.py"], outcome.Conflicts);
        Assert.Equal(before, _sample.Fingerprint());
    }

    [Fact]
    public async Task Applies_only_what_was_reviewed()
    {
        using var view = await _sample.OpenAsync(preference);
        ChangeMuch(view);
        var reviewed = await view.DigestAsync(Stop);
        Sample.Shell(view, "echo slipped in > late.txt");

        var refusal = await Assert.ThrowsAsync<ProblemException>(
            () => new ApplyTransaction(view).ApplyAsync(new ApplyOptions(), reviewed, Stop));

        Assert.Equal("apply.stale", refusal.Problem.Code);
        Assert.False(File.Exists(_sample.At("late.txt")));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("~")]
    public async Task Refuses_a_folder_nobody_means(string folder)
    {
        var path = folder == "~" ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) : folder;

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => new WorkspaceViews(TimeProvider.System)
            .OpenAsync(_sample.RunDirectory, path, null, preference, Stop));

        Assert.Equal("workspace.refused", refusal.Problem.Code);
    }

    [Fact]
    public async Task Refuses_one_entry_past_the_limit()
    {
        var views = new WorkspaceViews(TimeProvider.System, new ViewLimits(EntriesMax: 9));

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => views.OpenAsync(
            _sample.RunDirectory, _sample.Workspace, Sample.RunUserHere, preference, Stop));

        Assert.Equal("workspace.too_large", refusal.Problem.Code);
    }

    [Fact]
    public async Task Discards_everything_but_the_workspace()
    {
        var before = _sample.Fingerprint();
        using (var view = await _sample.OpenAsync(preference))
        {
            ChangeMuch(view);
        }

        await WorkspaceViews.DiscardAsync(_sample.RunDirectory, Stop);

        Assert.False(Directory.Exists(_sample.RunDirectory));
        Assert.Equal(before, _sample.Fingerprint());
    }

    public void Dispose()
    {
        _sample.Dispose();
        GC.SuppressFinalize(this);
    }

    private static void ChangeMuch(WorkspaceView view) => Sample.Shell(view, """
        printf 'one\n2\nthree\n' > src/app.py; rm src/old.txt; umask 022; mkdir new; echo hello > new/file.txt
        chmod 700 run.sh; rm link; echo no link > link; echo x > a.log; echo x > keep.log; mkfifo fifo
        echo x > setid; chmod 4755 setid
        """.ReplaceLineEndings("; "));
}

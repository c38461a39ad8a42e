using System.Runtime.Versioning;
using Reeve.Doors.Views;
using Reeve.Kernel.Views;
using Xunit;

namespace Reeve.Tests.Scenarios.Views;

/// <summary>A view has no tree until somebody changes something; nothing may show that from outside.</summary>
[SupportedOSPlatform("linux")]
[Trait("Req", "FS-3")]
public sealed class UnmadeViewTests : IDisposable
{
    private readonly Sample _sample = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Tree => Path.Join(_sample.RunDirectory, "tree");

    [Fact]
    public async Task Reading_makes_no_tree_and_the_first_change_does()
    {
        using var view = await _sample.OpenAsync(ViewPreference.Copy);
        using var files = Sample.FilesOf(view);

        using var reader = new StreamReader(files.OpenRead("src/app.py").Value);
        var clean = await view.CheckpointAsync(Stop);

        Assert.Equal("one\ntwo\nthree\n", reader.ReadToEnd());
        Assert.Empty(await view.DiffAsync(Stop));
        Assert.False(Directory.Exists(Tree));

        await files.WriteAsync("src/app.py", "changed\n"u8.ToArray(), Stop);

        Assert.True(Directory.Exists(Tree));
        Assert.NotEqual(clean, await view.CheckpointAsync(Stop));
        Assert.Equal(["src/app.py"], (await view.DiffAsync(Stop)).Select(change => change.Path));
        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(_sample.At("src/app.py")));
        await view.RestoreAsync(clean, Stop);
        Assert.Empty(await view.DiffAsync(Stop));
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task What_the_user_changed_before_the_first_change_is_never_overwritten(ViewPreference preference)
    {
        using var view = await _sample.OpenAsync(preference);
        using var files = Sample.FilesOf(view);
        _sample.Write("src/app.py", "the user's own\n");
        _sample.Write("src/added.txt", "the user's own\n");
        File.Delete(_sample.At("src/old.txt"));
        await files.WriteAsync("run.txt", "the run's\n"u8.ToArray(), Stop);

        Assert.Equal(["run.txt"], (await view.DiffAsync(Stop)).Select(change => change.Path));

        foreach (var path in new[] { "src/app.py", "src/added.txt", "src/old.txt" })
        {
            await files.WriteAsync(path, "the run's\n"u8.ToArray(), Stop);
        }

        var before = _sample.Fingerprint();
        var outcome = await new ApplyTransaction(view).ApplyAsync(
            new ApplyOptions(), await view.DigestAsync(Stop), Stop);

        Assert.Equal(ApplyStatus.Conflict, outcome.Status);
        Assert.Equal(["src/added.txt", "src/app.py", "src/old.txt"], outcome.Conflicts);
        Assert.Equal(before, _sample.Fingerprint());
    }

    [Fact]
    public async Task A_tree_that_a_crash_left_half_made_is_made_anew()
    {
        using (await _sample.OpenAsync(ViewPreference.Copy))
        {
            Directory.CreateDirectory(Path.Join(Tree, "src"));
            File.WriteAllText(Path.Join(Tree, "src", "app.py"), "on");
        }

        using var view = await _sample.OpenAsync(ViewPreference.Copy);
        Assert.Empty(await view.DiffAsync(Stop));
        Sample.Shell(view, "echo x > new.txt; grep -q three src/app.py");

        Assert.Equal(["new.txt"], (await view.DiffAsync(Stop)).Select(change => change.Path));
    }

    [Fact]
    public async Task An_opening_that_power_cut_short_is_begun_again_and_a_damaged_view_with_changes_is_not()
    {
        var manifest = Path.Join(_sample.RunDirectory, "manifest");
        using (await _sample.OpenAsync(ViewPreference.Copy))
        {
            using var cut = File.OpenWrite(manifest);
            cut.SetLength(10);
        }

        using (var view = await _sample.OpenAsync(ViewPreference.Copy))
        {
            Sample.Shell(view, "echo x > new.txt");
        }

        using (var cut = File.OpenWrite(manifest))
        {
            cut.SetLength(10);
        }

        var refused = await Assert.ThrowsAsync<Authority.ProblemException>(
            () => _sample.OpenAsync(ViewPreference.Copy));
        Assert.Equal("view.corrupt", refused.Problem.Code);
    }

    [Theory]
    [InlineData(ViewChoice.SmallEntriesMax, 1, false)]
    [InlineData(ViewChoice.SmallEntriesMax + 1, 1, true)]
    [InlineData(1, ViewChoice.SmallBytesMax, false)]
    [InlineData(1, ViewChoice.SmallBytesMax + 1, true)]
    public async Task A_small_workspace_is_copied_and_a_larger_one_is_laid_over(int files, long bytes, bool isLaidOver)
    {
        Directory.Delete(_sample.Workspace, recursive: true);
        for (var file = 0; file < files; file++)
        {
            _sample.Write($"{file}.txt", new string('x', (int)bytes));
        }

        using var view = await _sample.OpenAsync();
        var kind = view.Kind;
        Sample.Shell(view, "echo x > new.txt; rm 0.txt");

        Assert.Equal(["0.txt", "new.txt"], (await view.DiffAsync(Stop)).Select(change => change.Path));

        // Where the file system clones, every one is a reflink.
        Assert.True(kind == ViewKind.Reflink || kind == (isLaidOver ? ViewKind.Overlay : ViewKind.Copy), $"{kind}");
    }

    public void Dispose() => _sample.Dispose();
}

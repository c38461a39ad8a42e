using System.Runtime.Versioning;
using Reeve.Doors.Views;
using Reeve.Kernel.Views;
using Xunit;

namespace Reeve.Tests.Scenarios.Views;

[SupportedOSPlatform("linux")]
[Trait("Req", "FS-3")]
public sealed class CheckpointTests
{
    private static readonly string[] s_paths =
        ["readme.md", "src", "src/app.py", "src/deep", "src/deep/note.txt", "empty", "x", "x/y", "x/y/z", "link"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task Restore_brings_back_exactly_the_tree_of_the_checkpoint(ViewPreference preference)
    {
        using var sample = new Sample();
        using var view = await sample.OpenAsync(preference);
        var root = Sample.TreeOf(view);
        var original = Sample.FingerprintOf(root, withTimes: false);
        var first = await view.CheckpointAsync(Stop);

        for (var seed = 0; seed < 250; seed++)
        {
            var random = new Random(seed);
            ChangeAtRandom(root, random);
            var kept = Sample.FingerprintOf(root, withTimes: false);
            var checkpoint = await view.CheckpointAsync(Stop);
            ChangeAtRandom(root, random);

            await view.RestoreAsync(checkpoint, Stop);

            Assert.True(kept == Sample.FingerprintOf(root, withTimes: false), $"seed {seed}");
            Assert.Equal(checkpoint, await view.DigestAsync(Stop));
        }

        await view.RestoreAsync(first, Stop);

        Assert.Equal(original, Sample.FingerprintOf(root, withTimes: false));
        Assert.Empty(await view.DiffAsync(Stop));
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task A_checkpoint_outlives_the_process_the_apply_and_the_users_edit(ViewPreference preference)
    {
        using var sample = new Sample();
        TreeDigest checkpoint;
        using (var view = await sample.OpenAsync(preference))
        {
            checkpoint = await view.CheckpointAsync(Stop);
            Sample.Shell(view, "echo changed > src/app.py; rm -r src/deep");
            await new ApplyTransaction(view).ApplyAsync(new ApplyOptions(), await view.DigestAsync(Stop), Stop);
        }

        sample.Write("src/app.py", "the user's own\n");
        using var again = await sample.OpenAsync(preference);
        await again.RestoreAsync(checkpoint, Stop);

        Assert.Equal("one\ntwo\nthree\n", File.ReadAllText(Path.Join(Sample.TreeOf(again), "src/app.py")));
        Assert.Equal(checkpoint, await again.DigestAsync(Stop));
        Assert.Equal("the user's own\n", File.ReadAllText(sample.At("src/app.py")));
    }

    [Theory]
    [InlineData(ViewPreference.Copy)]
    [InlineData(ViewPreference.Overlay)]
    public async Task A_touched_file_is_no_change_and_a_rewritten_one_of_the_same_size_is(ViewPreference preference)
    {
        using var sample = new Sample();
        using var view = await sample.OpenAsync(preference);
        var clean = await view.DigestAsync(Stop);

        Sample.Shell(view, "touch src/app.py; cp readme.md r; mv r readme.md");
        var touched = await view.DigestAsync(Stop);
        Sample.Shell(view, """
            touch -r src/app.py t; printf 'one\nTWO\nthree\n' > src/app.py; touch -r t src/app.py; rm t
            """);

        Assert.Equal(clean, touched);
        Assert.NotEqual(clean, await view.DigestAsync(Stop));
    }

    private static void ChangeAtRandom(string root, Random random)
    {
        for (var step = random.Next(1, 7); step > 0; step--)
        {
            var path = Path.Join(root, s_paths[random.Next(s_paths.Length)]);
            switch (random.Next(5))
            {
                case 0:
                    Delete(path);
                    break;
                case 1:
                    Delete(path);
                    MakeParent(root, path);
                    File.CreateSymbolicLink(path, "target-" + random.Next(3));
                    break;
                case 2 when File.Exists(path) && new FileInfo(path).LinkTarget is null:
                    File.SetUnixFileMode(path, (UnixFileMode)(random.Next(0x200) | 0x100));
                    break;
                case 3:
                    Delete(path);
                    MakeParent(root, path);
                    Directory.CreateDirectory(path);
                    break;
                default:
                    Delete(path);
                    MakeParent(root, path);
                    File.WriteAllText(path, "content " + random.Next(3));
                    break;
            }
        }
    }

    // A link or file in the way of a parent goes first.
    private static void MakeParent(string root, string path)
    {
        var parent = Path.GetDirectoryName(path)!;
        for (var above = parent; above.Length > root.Length; above = Path.GetDirectoryName(above)!)
        {
            if (new FileInfo(above).LinkTarget is not null || File.Exists(above))
            {
                File.Delete(above);
            }
        }

        Directory.CreateDirectory(parent);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null)
        {
            Directory.Delete(path, recursive: true);
        }
        else if (File.Exists(path) || new FileInfo(path).LinkTarget is not null)
        {
            File.Delete(path);
        }
    }
}

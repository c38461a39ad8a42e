using Reeve.Doors.Processes;
using Reeve.Doors.Views;
using Reeve.Kernel.Views;

namespace Reeve.Bench;

/// <summary>What a run pays for its view: opening it, a checkpoint and the difference at its end.</summary>
internal static class ViewBenchmark
{
    private const int FilesOfLarge = 5_000, BytesOfLarge = 14_000, FilesOfSmall = 5, BytesOfSmall = 1_000;

    public static async Task RunAsync()
    {
        using var scratch = new Scratch("view");
        var small = Fill(scratch.NewDirectory("small"), FilesOfSmall, BytesOfSmall);
        var large = Fill(scratch.NewDirectory("large"), FilesOfLarge, BytesOfLarge);

        foreach (var (name, workspace, rounds) in new[] { ("5 files", small, 41), ("5,000 files, 70 MB", large, 5) })
        {
            foreach (var preference in new[] { ViewPreference.Automatic, ViewPreference.Copy, ViewPreference.Overlay })
            {
                await MeasureAsync(scratch, name, workspace, preference, rounds);
            }
        }
    }

    private static async Task MeasureAsync(
        Scratch scratch, string name, string workspace, ViewPreference preference, int rounds)
    {
        var views = new WorkspaceViews(TimeProvider.System);
        uint? user = RunUser.IsNeeded ? RunUser.First + RunUser.CountMax - 1 : null;
        string[] acts = ["open", "checkpoint", "diff", "first write", "checkpoint after", "diff after"];
        var figures = acts.Select(_ => new List<double>()).ToArray();
        var kind = ViewKind.Copy;

        for (var round = 0; round <= rounds; round++)
        {
            var directory = Path.Join(scratch.NewDirectory("run"), "view");
            WorkspaceView? view = null;
            Func<Task>[] doing =
            [
                async () => view = await views.OpenAsync(directory, workspace, user, preference, default),
                () => view!.CheckpointAsync(default),
                () => view!.DiffAsync(default),
                async () =>
                {
                    using var files = view!.IssuerFor(Authority.Labels.Label.BuiltIn).Issue(canChange: true);
                    await files.WriteAsync("written.txt", "x\n"u8.ToArray(), default);
                },
                () => view!.CheckpointAsync(default),
                () => view!.DiffAsync(default),
            ];

            for (var act = 0; act < doing.Length; act++)
            {
                var took = await Rounds.MicrosecondsEachAsync(1, doing[act]);

                if (round > 0)
                {
                    figures[act].Add(took / 1_000);
                }
            }

            kind = view!.Kind;
            view.Dispose();
            await WorkspaceViews.DiscardAsync(directory, default);
        }

        var medians = acts.Zip(figures, (act, each) => $"{act} {each.Order().ElementAt(each.Count / 2):0.00}");
        Console.WriteLine($"  {name}, {preference} ({kind}), ms: {string.Join(" · ", medians)}");
    }

    private static string Fill(string directory, int files, int bytes)
    {
        var content = new byte[bytes];
        new Random(1).NextBytes(content);

        for (var file = 0; file < files; file++)
        {
            var folder = Path.Join(directory, $"folder-{file / 100}");
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Join(folder, $"file-{file}.txt"), content);
        }

        return directory;
    }
}

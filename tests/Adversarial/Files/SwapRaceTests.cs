using System.Diagnostics;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Doors.Files;
using Xunit;

namespace Reeve.Tests.Adversarial.Files;

/// <summary>Somebody swaps a directory for a link to the outside, over and over, while files are used below
/// it.</summary>
[Trait("Req", "FS-1")]
public sealed class SwapRaceTests : IDisposable
{
    private const int SwapsMin = 10_000;
    private const string Secret = "the crown jewels";

    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(3);

    private readonly string _base = Directory.CreateTempSubdirectory("reeve-race-").FullName;

    public SwapRaceTests()
    {
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Join(Outside, "file.txt"), Secret);
        Directory.CreateDirectory(Path.Join(Root, "folder"));
        File.WriteAllText(Path.Join(Root, "folder", "file.txt"), "inside");
        File.CreateSymbolicLink(Path.Join(Root, "link"), Outside);
    }

    private string Root => Path.Join(_base, "workspace");

    private string Outside => Path.Join(_base, "outside");

    [Fact]
    public async Task Check_then_open_leaks_so_the_race_is_real()
    {
        var leaks = 0;

        await RaceAsync(
            () => leaks == 0,
            () =>
            {
                leaks += IsLeakedByCheckThenOpen() ? 1 : 0;
                return Task.CompletedTask;
            },
            TimeSpan.FromSeconds(30));

        Assert.NotEqual(0, leaks);
    }

    [Fact]
    public async Task The_grant_never_gets_out()
    {
        using var files = new WorkspaceIssuer(Root, Label.BuiltIn).Issue(canChange: true);
        var tries = 0;

        var swaps = await RaceAsync(
            () => true,
            () =>
            {
                tries++;
                return UseAllAsync(files);
            },
            s_duration);

        Assert.InRange(swaps, SwapsMin, int.MaxValue);
        Assert.InRange(tries, 1_000, int.MaxValue);
        Assert.Equal(["file.txt"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
        Assert.Equal(Secret, await File.ReadAllTextAsync(Path.Join(Outside, "file.txt")));
    }

    [Fact]
    public async Task Neither_does_the_walk_for_old_kernels()
    {
        using var root = Beneath.OpenRoot(Root);
        var opened = 0;

        var swaps = await RaceAsync(
            () => true,
            () =>
            {
                opened += ReadByWalk(root) ? 1 : 0;
                return Task.CompletedTask;
            },
            s_duration);

        Assert.InRange(swaps, SwapsMin, int.MaxValue);
        Assert.InRange(opened, 100, int.MaxValue);
    }

    public void Dispose() => Directory.Delete(_base, recursive: true);

    // The swapper has a thread of its own; it ends with the flag, at the latest when the time is up.
    private async Task<int> RaceAsync(Func<bool> isWanted, Func<Task> attempt, TimeSpan duration)
    {
        var swaps = 0;
        using var stop = new CancellationTokenSource();
        var (folder, link) = (Path.Join(Root, "folder"), Path.Join(Root, "link"));
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                swaps += SwapCalls.Exchange(folder, link) == 0 ? 1 : 0;
            }

            if (swaps % 2 == 1)
            {
                SwapCalls.Exchange(folder, link);
            }
        });
        swapper.Start();

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration && isWanted())
        {
            await attempt();
        }

        await stop.CancelAsync();
        swapper.Join();

        return swaps;
    }

    private bool IsLeakedByCheckThenOpen()
    {
        var path = Path.Join(Root, "folder");
        try
        {
            return new FileInfo(path).LinkTarget is null
                && File.ReadAllText(Path.Join(path, "file.txt")) == Secret;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task UseAllAsync(WorkspaceFiles files)
    {
        Try(() =>
        {
            using var read = new StreamReader(files.OpenRead("folder/file.txt").Value);
            Assert.Equal("inside", read.ReadToEnd());
        });
        Try(() => Assert.Equal(6, files.Stat("folder/file.txt").Value.Bytes));
        Try(() => files.List("folder", 100));
        try
        {
            await files.WriteAsync("folder/new/made.txt", "x"u8.ToArray(), default);
        }
        catch (ProblemException refusal)
        {
            AssertExpected(refusal);
        }

        Try(() => files.Delete("folder/new"));
    }

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (ProblemException refusal)
        {
            AssertExpected(refusal);
        }
    }

    private static void AssertExpected(ProblemException refusal) => Assert.Contains(
        refusal.Problem.Code,
        new[] { "path.outside_workspace", "path.link_refused", "file.not_found", "file.unavailable" });

    private static bool ReadByWalk(Microsoft.Win32.SafeHandles.SafeFileHandle root)
    {
        var (handle, _) = BeneathWalk.TryOpen(root, "folder/file.txt", Native.OpenRead, followLinks: true, 0);
        if (handle is null)
        {
            return false;
        }

        using var read = new StreamReader(new FileStream(handle, FileAccess.Read));
        Assert.Equal("inside", read.ReadToEnd());

        return true;
    }
}

using System.Diagnostics;
using System.Text;
using Reeve.Doors.Views;
using Reeve.Hosting;
using Reeve.Hosting.Runs;
using Reeve.Hosting.Sessions;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;
using Reeve.Models.Scripted;
using Reeve.Tests.Shared;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Sessions;

/// <summary>Runs that follow one another on a harness, as a person brings them about.</summary>
internal static class Line
{
    /// <summary>Tells of every path in the view with kind, mode, target and content.</summary>
    public const string LookCommand =
        "find . -path ./.git -prune -o -printf '%p %y %m %l\\n' | sort; "
        + "find . -type f | sort | while read f; do echo \"== $f\"; cat \"$f\"; done";

    private static CancellationToken Stop => Xunit.TestContext.Current.CancellationToken;

    /// <summary>What the model says from now on; replies that are in the conversation already count.</summary>
    public static ListeningModel Scripted(this ReeveHarness reeve, params System.Text.Json.Nodes.JsonObject[] turns)
    {
        var model = new ListeningModel(new ScriptedModel(
            Script.Parse(Encoding.UTF8.GetBytes(Of(turns))), "test", TimeProvider.System));
        reeve.Model = model;
        return model;
    }

    public static void Prefers(this ReeveHarness reeve, string view) => reeve.Change = options => options with
    {
        View = view == "overlay" ? ViewPreference.Overlay : ViewPreference.Copy,
    };

    public static RunRequest Says(this ReeveHarness reeve, string prompt) => new(prompt, reeve.Workspace);

    public static Task<ForkReport> RewindAsync(this ReeveHarness reeve, RunKey run, long at, string prompt = "") =>
        reeve.WithHostAsync(host => host.RewindAsync(run, at, reeve.Says(prompt), Stop));

    public static async Task<RunReport> ContinueAsync(this ReeveHarness reeve, RunKey session, string prompt)
    {
        await using var host = await reeve.OpenAsync();
        var report = await host.ContinueSessionAsync(session, reeve.Says(prompt), Stop);
        return await FollowAsync(host, report.Run);
    }

    public static async Task<RunReport> ForkAsync(
        this ReeveHarness reeve, RunKey run, long? at, RunRequest request)
    {
        await using var host = await reeve.OpenAsync();
        return await FollowAsync(host, (await host.ForkAsync(run, at, request, Stop)).Run);
    }

    public static async Task<RunReport> FollowAsync(IReeveHost host, RunKey run)
    {
        await host.ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), Stop);
        return await host.ReportAsync(run, Stop);
    }

    /// <summary>The place after the n-th reply with calls, counted from 1.</summary>
    public static async Task<long> AfterCallsAsync(this ReeveHarness reeve, RunKey run, int number) =>
        (await reeve.WithHostAsync(host => host.RewindPointsAsync(run, Stop)))
            .Where(point => point.Kind == RewindPointKind.Calls).ElementAt(number - 1).At;

    /// <summary>What the tools of a run answered, in order.</summary>
    public static async Task<List<string>> ObservationsAsync(this ReeveHarness reeve, RunKey run) =>
    [
        .. (await reeve.EntriesAsync(run))
            .Where(shown => shown.Entry.Body is Kernel.Journal.Events.ToolFinished)
            .Select(shown => shown.Texts[((Kernel.Journal.Events.ToolFinished)shown.Entry.Body).Observation]),
    ];

    /// <summary>Everything in a folder of the user, as text.</summary>
    public static string Tree(string folder)
    {
        var start = new ProcessStartInfo("sh", ["-c", LookCommand])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true,
        };
        using var look = Process.Start(start)!;
        var text = look.StandardOutput.ReadToEnd();
        look.WaitForExit();
        return text;
    }
}

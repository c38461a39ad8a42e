namespace Reeve.Bench;

/// <summary>A thousand runs at once in one process. All of them must succeed, verify and replay.</summary>
internal static class RunsBenchmark
{
    private const int Runs = 1_000, PeerRuns = 1_000, Steps = 5;

    public static async Task RunAsync()
    {
        using var scratch = new Scratch("runs");
        var workspace = scratch.NewDirectory("workspace");
        StepScript.WriteFile(workspace);
        var (process, urls) = await ModelServers.StartAsync(Steps);
        await using var servers = process;
        var inProcess = await MeasureAsync("model in process", scratch, workspace, url: null);
        var overHttp = await MeasureAsync("model over HTTP", scratch, workspace, urls[Steps]);
        await CompareAsync(workspace, urls[Steps], inProcess, overHttp, ProcessStatus.ResidentBytesMax());
    }

    private static async Task<double> MeasureAsync(string how, Scratch scratch, string workspace, string? url)
    {
        await using var host = await BenchHost.OpenAsync(scratch.NewDirectory("data"), workspace, Steps, url);

        // What is compiled and opened once is not what a run costs.
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => host.RunAsync()));
        var (began, cpu) = (TimeProvider.System.GetTimestamp(), Environment.CpuUsage.TotalTime);
        var runs = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => Task.Run(host.RunAsync)));
        var took = TimeProvider.System.GetElapsedTime(began);
        var ours = (Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / (Runs * Steps);
        var resident = ProcessStatus.ResidentBytesMax();

        foreach (var run in runs)
        {
            await host.CheckAsync(run);
        }

        Console.WriteLine(
            $"{Runs} runs of {Steps} steps at once, {how}: all succeeded, verified and replayed ·"
            + $" {ours:0.000} ms of CPU each step · {took.TotalSeconds:0.0} s · {resident >> 20} MB at most so far");
        return ours;
    }

    private static async Task CompareAsync(
        string workspace, string url, double inProcess, double overHttp, long resident)
    {
        await using var peer = await LangGraph.TryStartAsync();

        if (peer is null)
        {
            return;
        }

        _ = await peer.RunAsync(url, workspace, Steps, runs: 20);
        var result = await peer.RunAsync(url, workspace, Steps, PeerRuns);
        var each = result.CpuMilliseconds / (PeerRuns * Steps);
        Console.WriteLine(
            $"  LangGraph + SQLite, model over HTTP: {result.Succeeded} of {PeerRuns} succeeded · {each:0.000} ms of CPU"
            + $" each step · {result.Milliseconds / 1_000:0.0} s · {result.ResidentBytesMax >> 20} MB at most");

        if (result.Problem.Length > 0)
        {
            Console.WriteLine($"  its first failure: {result.Problem.Split('\n')[0]}");
        }

        Rounds.Judge("CPU each step over HTTP / peer", overHttp / each, 1 / 8.0, isMost: true);
        Rounds.Judge("CPU each step in process / peer", inProcess / each, 1 / 8.0, isMost: true);
        Rounds.Judge("resident memory / peer", (double)resident / result.ResidentBytesMax, 1 / 3.0, isMost: true);
    }
}

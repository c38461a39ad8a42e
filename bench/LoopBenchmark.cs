namespace Reeve.Bench;

/// <summary>One cheap tool call for each step, against LangGraph with SQLite and the same model server.</summary>
internal static class LoopBenchmark
{
    private static readonly int[] s_steps = [5, 20, 100, 200];

    public static async Task RunAsync()
    {
        using var scratch = new Scratch("loop");
        var workspace = scratch.NewDirectory("workspace");
        StepScript.WriteFile(workspace);
        var (process, urls) = await ModelServers.StartAsync(s_steps);
        await using var servers = process;
        await using var peer = await LangGraph.TryStartAsync();
        var local = new Dictionary<int, double>();
        var remote = new Dictionary<int, double>();
        var anchor = new Dictionary<int, double>();
        Console.WriteLine(
            $"one tool call for each step, durable, verified and replayed; median of {Rounds.Count} rounds");

        await WarmAsync(scratch, workspace, peer, urls[20]);

        foreach (var steps in s_steps)
        {
            await using var inProcess = await BenchHost.OpenAsync(
                scratch.NewDirectory("data"), workspace, steps, url: null);
            await using var overHttp = await BenchHost.OpenAsync(
                scratch.NewDirectory("data"), workspace, steps, urls[steps]);
            var contenders = new List<Contender>
            {
                new("in process", () => MeasureAsync(inProcess, steps)),
                new("over HTTP", () => MeasureAsync(overHttp, steps)),
            };

            if (peer is not null)
            {
                contenders.Add(new("LangGraph + SQLite", () => MeasureAsync(peer, urls[steps], workspace, steps)));
            }

            var medians = await Rounds.MediansAsync([.. contenders]);
            (local[steps], remote[steps]) = (medians[0] / 1_000, medians[1] / 1_000);
            anchor[steps] = peer is null ? double.NaN : medians[2] / 1_000;
            Console.WriteLine(
                $"  {steps,3} steps: {local[steps]:0.00} ms each in process · {remote[steps]:0.00} over HTTP"
                + $" · LangGraph + SQLite {anchor[steps]:0.00}"
                + $" · {await AllocatedAsync(inProcess, steps) / 1024:0} KB allocated each");
        }

        Rounds.Judge("over HTTP / LangGraph + SQLite, 20 steps", remote[20] / anchor[20], 1 / 6.0, isMost: true);
        Rounds.Judge("over HTTP / LangGraph + SQLite, 200 steps", remote[200] / anchor[200], 1 / 10.0, isMost: true);
        Rounds.Judge("a step of 200 / of 5, in process", local[200] / local[5], 1.3, isMost: true);
        Rounds.Judge("a step of 200 / of 5, over HTTP", remote[200] / remote[5], 1.3, isMost: true);
        await JudgeBytesAsync(scratch, workspace, peer, urls);
    }

    /// <summary>What is compiled once would otherwise count against the shortest runs, which come first.</summary>
    private static async Task WarmAsync(Scratch scratch, string workspace, LangGraph? peer, string url)
    {
        foreach (var place in new[] { null, url })
        {
            await using var host = await BenchHost.OpenAsync(scratch.NewDirectory("data"), workspace, 20, place);

            for (var round = 0; round < 20; round++)
            {
                await host.RunAsync();
            }
        }

        for (var round = 0; round < 20 && peer is not null; round++)
        {
            await peer.RunAsync(url, workspace, 20);
        }
    }

    private static async Task JudgeBytesAsync(
        Scratch scratch, string workspace, LangGraph? peer, Dictionary<int, string> urls)
    {
        var ours = new Dictionary<int, double>();

        foreach (var steps in new[] { 100, 200 })
        {
            var data = scratch.NewDirectory("data");
            var host = await BenchHost.OpenAsync(data, workspace, steps, url: null);
            await host.CheckAsync(await host.RunAsync());
            await host.DisposeAsync();
            ours[steps] = Scratch.BytesIn(data);
        }

        Console.WriteLine($"  stored: {ours[100] / 1024:0} KB after 100 steps, {ours[200] / 1024:0} KB after 200");
        Rounds.Judge("bytes of 200 steps / of 100", ours[200] / ours[100], 2.1, isMost: true);

        if (peer is not null)
        {
            var fewer = await peer.RunAsync(urls[100], workspace, 100);
            var more = await peer.RunAsync(urls[200], workspace, 200);
            Console.WriteLine(
                $"  LangGraph + SQLite stored {fewer.Bytes / 1024} KB and {more.Bytes / 1024} KB:"
                + $" {more.Bytes / (double)fewer.Bytes:0.0} ×");
        }
    }

    private static async Task<double> MeasureAsync(BenchHost host, int steps)
    {
        var start = TimeProvider.System.GetTimestamp();
        var run = await host.RunAsync();
        var took = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / steps;
        await host.CheckAsync(run);

        return took;
    }

    private static async Task<double> MeasureAsync(LangGraph peer, string url, string workspace, int steps)
    {
        var result = await peer.RunAsync(url, workspace, steps);

        return result.Succeeded == 1
            ? result.Milliseconds * 1_000 / steps : throw new InvalidOperationException(result.Problem);
    }

    private static async Task<double> AllocatedAsync(BenchHost host, int steps)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await host.RunAsync();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)steps;
    }
}

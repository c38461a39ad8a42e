namespace Reeve.Bench;

internal static class Profile
{
    public static async Task RunAsync()
    {
        using var scratch = new Scratch("loop");
        var workspace = scratch.NewDirectory("workspace");
        StepScript.WriteFile(workspace);
        var steps = int.Parse(Environment.GetEnvironmentVariable("STEPS") ?? "200");
        var runs = int.Parse(Environment.GetEnvironmentVariable("RUNS") ?? "20");
        var (process, urls) = await ModelServers.StartAsync(steps);
        await using var servers = process;
        var isHttp = Environment.GetEnvironmentVariable("LOCAL") is null;
        await using var host = await BenchHost.OpenAsync(scratch.NewDirectory("data"), workspace, steps, isHttp ? urls[steps] : null);
        for (var i = 0; i < 10; i++) await host.RunAsync();
        await Task.Delay(1500);
        for (var i = 0; i < 5; i++) await host.RunAsync();
        var cpu = Environment.CpuUsage.TotalTime;
        var alloc = GC.GetTotalAllocatedBytes(true);
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < runs; i++) await host.RunAsync();
        var took = TimeProvider.System.GetElapsedTime(start);
        Console.WriteLine($"{took.TotalMilliseconds / runs / steps:0.000} ms/step, cpu {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds / runs / steps:0.000} ms, {(GC.GetTotalAllocatedBytes(true) - alloc) / 1024.0 / runs / steps:0.0} KB");
    }
}

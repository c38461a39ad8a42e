using Reeve.Bench;

// One file for each benchmark; `./do bench NAME` runs one of them.
(string Name, Func<Task> Run)[] benchmarks =
[
    ("journal", JournalBenchmark.RunAsync),
    ("loop", LoopBenchmark.RunAsync),
    ("runs", RunsBenchmark.RunAsync),
    ("sandbox", SandboxBenchmark.RunAsync),
    ("start", StartBenchmark.RunAsync),
    ("redact", RedactBenchmark.RunAsync),
    ("gate", GateBenchmark.RunAsync),
    ("view", ViewBenchmark.RunAsync),
];

if (args is [ModelServers.Verb, .. var steps])
{
    await ModelServers.ServeAsync(steps);
    return 0;
}

if (args is [var name] && benchmarks.FirstOrDefault(benchmark => benchmark.Name == name).Run is { } run)
{
    await run();
    return 0;
}

await Console.Error.WriteLineAsync($"Name one of: {string.Join(' ', benchmarks.Select(benchmark => benchmark.Name))}");
return 2;

namespace Reeve.Tests.Scenarios.Interactive;

/// <summary>A bug that a process comes upon once a file is there: an exception that nobody catches.</summary>
internal static class Fault
{
    public const string Variable = "REEVE_TEST_FAULT";

    public static void Await(string path) => new Thread(() =>
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!);
        watcher.WaitForChanged(WatcherChangeTypes.Created);
        throw new InvalidOperationException("a fault that a test asked for");
    })
    { IsBackground = true }.Start();
}

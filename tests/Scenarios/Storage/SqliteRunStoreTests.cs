using Reeve.Kernel.Journal;
using Reeve.Storage.Sqlite;

namespace Reeve.Tests.Scenarios.Storage;

/// <summary>The contract on one SQLite file; two stores on it stand for two processes.</summary>
public sealed class SqliteRunStoreTests : RunStoreContract
{
    private readonly string _directory = Directory.CreateTempSubdirectory("store-").FullName;

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    protected override Task PrepareAsync() => Task.CompletedTask;

    protected override async Task<IRunStore> OpenStoreAsync() =>
        await SqliteRunStore.OpenAsync(_directory, Time, CancellationToken.None);
}

using Reeve.Storage.Sqlite;

namespace Reeve.Storage.Migrations;

/// <summary>Brings a file up to date, in one transaction, after a copy of it was made.</summary>
/// <remarks>
/// It goes forward only: to go back, the snapshot takes the place of the file. A newer file is refused.
/// </remarks>
internal sealed class Migrator(IReadOnlyList<Migration> migrations, DataFiles files, TimeProvider time)
{
    private int Newest => migrations[^1].Version;

    /// <summary>Called inside a transaction that nobody else can write in.</summary>
    public void Migrate(Database database)
    {
        var version = VersionOf(database);
        ThrowIfNewer(version);

        if (version == Newest)
        {
            return;
        }

        if (version > 0)
        {
            Snapshot(version);
        }
        else
        {
            database.DoScript(
                """
                CREATE TABLE schema_version (
                    version    INTEGER PRIMARY KEY,
                    name       TEXT    NOT NULL,
                    applied_at INTEGER NOT NULL
                ) STRICT;
                """);
        }

        foreach (var migration in migrations.Where(migration => migration.Version > version))
        {
            database.DoScript(migration.Sql);
            using var applied = database.Ask("INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, ?)");
            applied.Bind(migration.Version).Bind(migration.Name).Bind(time.GetUtcNow().UtcTicks).Next();
        }
    }

    /// <summary>For a file that can only be read: it must be up to date already.</summary>
    public void ThrowUnlessCurrent(Database database)
    {
        var version = VersionOf(database);
        ThrowIfNewer(version);

        if (version < Newest)
        {
            throw StoreProblems.Refusal(StoreProblems.OlderSchema);
        }
    }

    // Read by a connection of its own, while the caller's transaction keeps everybody else from migrating.
    private void Snapshot(long version)
    {
        using var old = Database.Open(files.Path, Opening.Read);
        using var copy = old.Ask("VACUUM INTO ?").Bind(files.MakeSnapshotFile(version));
        copy.Next();
    }

    private static long VersionOf(Database database) =>
        database.Number("SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'") == 0
            ? 0
            : database.Number("SELECT max(version) FROM schema_version");

    private void ThrowIfNewer(long version)
    {
        if (version > Newest)
        {
            throw StoreProblems.Refusal(StoreProblems.NewerSchema);
        }
    }
}

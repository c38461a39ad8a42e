using Microsoft.Data.Sqlite;

namespace Reeve.Bench;

/// <summary>The least that a durable append can cost on SQLite: one row in one table, on the thread of the
/// caller.</summary>
internal sealed class BareCommit : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;

    public BareCommit(string path, int bytes)
    {
        _connection = new SqliteConnection($"Data Source={path}");
        _connection.Open();

        foreach (var sql in new[]
        {
            "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
            "CREATE TABLE entry (position INTEGER PRIMARY KEY, bytes BLOB)",
        })
        {
            using var command = _connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        _insert = _connection.CreateCommand();
        _insert.CommandText = "INSERT INTO entry (bytes) VALUES ($bytes)";
        _insert.Parameters.AddWithValue("$bytes", new byte[bytes]);
    }

    public void Append() => _insert.ExecuteNonQuery();

    public void Dispose()
    {
        _insert.Dispose();
        _connection.Dispose();
    }
}

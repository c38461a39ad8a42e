using SQLitePCL;

namespace Reeve.Storage.Sqlite;

/// <summary>How a connection is opened.</summary>
internal enum Opening
{
    /// <summary>For reading what others write meanwhile.</summary>
    Read = 0,

    /// <summary>For reading a file that nobody can write: no lock is taken and nothing beside it is needed.</summary>
    ReadImmutable,

    Write,
}

/// <summary>One connection to the file, used by one thread at a time, with its questions prepared once.</summary>
internal sealed class Database : IDisposable
{
    public const int BusyMillisecondsMax = 10_000;

    /// <summary>After so many pages in the write-ahead log, a commit also moves them into the file.</summary>
    private const int LogPagesMax = 1_000;

    private const string BeginWriting = "BEGIN IMMEDIATE";

    private readonly sqlite3 _connection;
    private readonly Statement?[] _questions = new Statement?[Questions.Text.Length];
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);

    private Database(sqlite3 connection) => _connection = connection;

    public static Database Open(string path, Opening opening)
    {
        var name = opening == Opening.ReadImmutable ? $"file:{Uri.EscapeDataString(path)}?immutable=1" : path;
        var flags = raw.SQLITE_OPEN_NOMUTEX | opening switch
        {
            Opening.Write => raw.SQLITE_OPEN_READWRITE,
            Opening.ReadImmutable => raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_URI,
            _ => raw.SQLITE_OPEN_READONLY,
        };

        var result = raw.sqlite3_open_v2(name, out var connection, flags, null);
        var database = new Database(connection);

        try
        {
            if (result != raw.SQLITE_OK)
            {
                throw new SqliteFailure(result);
            }

            database.Configure(opening);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Rows that were added, changed or deleted through this connection so far.</summary>
    public int Changes => raw.sqlite3_total_changes(_connection);

    /// <summary>Rows of the last statement.</summary>
    public int Changed => raw.sqlite3_changes(_connection);

    /// <summary>The position of the entry that was added last.</summary>
    public long LastAdded => raw.sqlite3_last_insert_rowid(_connection);

    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection) == 0;

    public Statement Ask(Question question) =>
        (_questions[(int)question] ??= new Statement(_connection, Questions.Text[(int)question])).Ask();

    /// <summary>For what is not a question about runs: pragmas, transactions, the schema's version.</summary>
    public Statement Ask(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new Statement(_connection, sql);
            _statements.Add(sql, statement);
        }

        return statement.Ask();
    }

    public void Do(string sql)
    {
        using var statement = Ask(sql);
        RunToEnd(statement);
    }

    /// <summary>Runs one change and tells how many rows it touched.</summary>
    public int Do(Statement change)
    {
        using (change)
        {
            RunToEnd(change);
        }

        return Changed;
    }

    /// <summary>Several statements at once, as a migration has them.</summary>
    public void DoScript(string sql)
    {
        if (raw.sqlite3_exec(_connection, sql) != raw.SQLITE_OK)
        {
            throw new SqliteFailure(raw.sqlite3_extended_errcode(_connection));
        }
    }

    public long Number(string sql)
    {
        using var statement = Ask(sql);
        return statement.Next() ? statement.Number(0) : 0;
    }

    /// <summary>Begins to write unless somebody else does, or it cannot be written at all.</summary>
    public bool TryBegin()
    {
        _ = raw.sqlite3_busy_timeout(_connection, 0);

        try
        {
            Do(BeginWriting);
            return true;
        }
        catch (SqliteFailure)
        {
            return false;
        }
        finally
        {
            _ = raw.sqlite3_busy_timeout(_connection, BusyMillisecondsMax);
        }
    }

    public void Begin() => Do(BeginWriting);

    public void Commit() => Do("COMMIT");

    public void RollBack()
    {
        // Some failures have rolled back already.
        if (IsInTransaction)
        {
            Do("ROLLBACK");
        }
    }

    public void Dispose()
    {
        foreach (var statement in _questions.OfType<Statement>().Concat(_statements.Values))
        {
            statement.Close();
        }

        _connection.Dispose();
    }

    private void Configure(Opening opening)
    {
        _ = raw.sqlite3_extended_result_codes(_connection, 1);
        _ = raw.sqlite3_busy_timeout(_connection, BusyMillisecondsMax);
        Do("PRAGMA trusted_schema = OFF");
        Do("PRAGMA temp_store = MEMORY");

        if (opening != Opening.Write)
        {
            return;
        }

        Do("PRAGMA journal_mode = WAL");
        Do("PRAGMA synchronous = FULL");
        Do("PRAGMA foreign_keys = ON");
        Do("PRAGMA secure_delete = ON");
        Do("PRAGMA cache_size = -4096");
        Do($"PRAGMA wal_autocheckpoint = {LogPagesMax}");
    }

    private static void RunToEnd(Statement statement)
    {
        while (statement.Next())
        {
            // A pragma may answer with rows that nobody asked for.
        }
    }
}

using SQLitePCL;

namespace Reeve.Storage.Sqlite;

/// <summary>One prepared question: values are bound in order, rows are read, disposing makes it ready again.</summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _prepared;
    private readonly Bound[] _last;
    private int _bound;

    public Statement(sqlite3 connection, string sql)
    {
        const uint Persistent = 0x01; // SQLITE_PREPARE_PERSISTENT

        _connection = connection;
        var result = raw.sqlite3_prepare_v3(connection, sql, Persistent, out _prepared);

        if (result != raw.SQLITE_OK)
        {
            throw new SqliteFailure(raw.sqlite3_extended_errcode(connection));
        }

        _last = new Bound[raw.sqlite3_bind_parameter_count(_prepared)];
    }

    /// <summary>Begins again with the first value.</summary>
    public Statement Ask()
    {
        _bound = 0;
        return this;
    }

    public Statement Bind(long? value)
    {
        if (IsNew(new Bound(value is null ? Kind.Null : Kind.Number, value ?? 0, Text: null)))
        {
            Check(value is { } number
                ? raw.sqlite3_bind_int64(_prepared, _bound, number)
                : raw.sqlite3_bind_null(_prepared, _bound));
        }

        return this;
    }

    public Statement Bind(string? value)
    {
        if (IsNew(new Bound(value is null ? Kind.Null : Kind.Text, Number: 0, value)))
        {
            Check(value is null
                ? raw.sqlite3_bind_null(_prepared, _bound)
                : raw.sqlite3_bind_text(_prepared, _bound, value));
        }

        return this;
    }

    public Statement Bind(byte[]? value)
    {
        if (IsNew(new Bound(value is null ? Kind.Null : Kind.Bytes, Number: 0, Text: null)))
        {
            Check(value switch
            {
                null => raw.sqlite3_bind_null(_prepared, _bound),
                [] => raw.sqlite3_bind_zeroblob(_prepared, _bound, 0),
                _ => raw.sqlite3_bind_blob(_prepared, _bound, value),
            });
        }

        return this;
    }

    /// <summary>Goes to the next row; false after the last.</summary>
    public bool Next() => raw.sqlite3_step(_prepared) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw new SqliteFailure(raw.sqlite3_extended_errcode(_connection)),
    };

    public long Number(int column) => raw.sqlite3_column_int64(_prepared, column);

    public long? NumberOrNull(int column) => IsNull(column) ? null : Number(column);

    public string Text(int column) => raw.sqlite3_column_text(_prepared, column).utf8_to_string() ?? string.Empty;

    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_prepared, column);

    public bool IsNull(int column) => raw.sqlite3_column_type(_prepared, column) == raw.SQLITE_NULL;

    public void Dispose() => _ = raw.sqlite3_reset(_prepared); // It repeats the failure of the last step.

    public void Close() => _prepared.Dispose();

    // Goes to the next parameter. One that has the value already, from the last time, keeps it.
    private bool IsNew(Bound value)
    {
        ref var last = ref _last[_bound++];
        var isNew = value.Kind == Kind.Bytes || value != last;
        last = value;

        return isNew;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            _last[_bound - 1] = default;
            throw new SqliteFailure(raw.sqlite3_extended_errcode(_connection));
        }
    }

    private enum Kind
    {
        Unknown = 0,
        Null,
        Number,
        Text,
        Bytes,
    }

    private readonly record struct Bound(Kind Kind, long Number, string? Text);
}

using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Reeve.Bench;

/// <summary>Group commit on SQLite the way it is usually written: a channel, one task, prepared commands.</summary>
internal sealed class NaiveJournal : IAsyncDisposable
{
    private readonly Channel<Append> _waiting = Channel.CreateBounded<Append>(4_096);
    private readonly SqliteConnection _connection;
    private readonly bool _isCompared;
    private readonly Task _writing;

    /// <param name="isCompared">Whether head and epoch are compared and set, as ours does, or only a row added.</param>
    public NaiveJournal(string path, bool isCompared)
    {
        _isCompared = isCompared;
        _connection = new SqliteConnection($"Data Source={path}");
        _connection.Open();
        Do("PRAGMA journal_mode = WAL");
        Do("PRAGMA synchronous = FULL");
        Do("CREATE TABLE run (id BLOB PRIMARY KEY, head INTEGER, hash BLOB, epoch INTEGER, status TEXT) WITHOUT ROWID");
        Do(
            "CREATE TABLE event (run BLOB, sequence INTEGER, type TEXT, bytes BLOB, self BLOB, "
            + "PRIMARY KEY (run, sequence))");
        _writing = Task.Factory.StartNew(
            WriteAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
    }

    public void AddRun(byte[] run)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "INSERT INTO run VALUES ($run, 0, zeroblob(32), 1, 'running')";
        command.Parameters.AddWithValue("$run", run);
        command.ExecuteNonQuery();
    }

    public async Task AppendAsync(byte[] run, long sequence, byte[] bytes, byte[] self)
    {
        var append = new Append(run, sequence, bytes, self, new(TaskCreationOptions.RunContinuationsAsynchronously));
        await _waiting.Writer.WriteAsync(append);
        await append.Done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.Complete();
        await _writing;
        await _connection.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        using var insert = Prepare("INSERT INTO event VALUES ($run, $sequence, 'test.happened', $bytes, $self)");
        using var update = Prepare(
            "UPDATE run SET head = $sequence, hash = $self, status = 'running' "
            + "WHERE id = $run AND head = $sequence - 1 AND epoch = 1");
        var batch = new List<Append>();

        while (await _waiting.Reader.WaitToReadAsync())
        {
            using var transaction = _connection.BeginTransaction();
            insert.Transaction = transaction;
            update.Transaction = transaction;

            while (_waiting.Reader.TryRead(out var append))
            {
                batch.Add(append);
                Run(insert, append);

                if (_isCompared)
                {
                    Run(update, append);
                }
            }

            transaction.Commit();
            batch.ForEach(append => append.Done.SetResult());
            batch.Clear();
        }
    }

    private static void Run(SqliteCommand command, Append append)
    {
        command.Parameters["$run"].Value = append.Run;
        command.Parameters["$sequence"].Value = append.Sequence;
        command.Parameters["$self"].Value = append.Self;

        if (command.Parameters.Contains("$bytes"))
        {
            command.Parameters["$bytes"].Value = append.Bytes;
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;

        foreach (var name in new[] { "$run", "$sequence", "$bytes", "$self" }.Where(sql.Contains))
        {
            command.Parameters.Add(name, name == "$sequence" ? SqliteType.Integer : SqliteType.Blob);
        }

        return command;
    }

    private void Do(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed record Append(byte[] Run, long Sequence, byte[] Bytes, byte[] Self, TaskCompletionSource Done);
}

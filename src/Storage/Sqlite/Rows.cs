using System.Globalization;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Storage.Sqlite;

/// <summary>How runs, hashes and instants are written to and read from columns.</summary>
internal static class Rows
{
    public static Statement Bind(this Statement statement, RunKey run) =>
        statement.Bind(run.Tenant.Name).Bind(run.Run.ToBytes());

    public static Statement Bind(this Statement statement, ChainHash hash) => statement.Bind(hash.ToBytes());

    public static Statement Bind(this Statement statement, DateTimeOffset? instant) =>
        statement.Bind(instant?.UtcTicks);

    public static Statement Bind(this Statement statement, PayloadRef payload) =>
        statement.Bind(payload.IsNone ? null : payload.ToBytes());

    /// <summary>The columns that every append replaces, in the order of AdvanceRun and CreateRun.</summary>
    public static Statement Bind(
        this Statement statement, StoredEvent head, RunProjection projection, long position) => statement
        .Bind(head.Sequence)
        .Bind(head.Self)
        .Bind(projection.Status)
        .Bind(projection.Reason)
        .Bind(projection.Proof)
        .Bind(projection.Goal)
        .Bind(projection.UpdatedAt)
        .Bind(projection.CostDollars.ToString(CultureInfo.InvariantCulture))
        .Bind(projection.Tokens)
        .Bind(projection.Turns)
        .Bind(projection.WakeAt)
        .Bind(position);

    public static RunRecord Record(Statement row) => new(
        Run(row, 0),
        row.Blob(2).ToArray(),
        row.Text(3),
        Instant(row.Number(4)),
        row.Number(5),
        ChainHash.FromBytes(row.Blob(6)),
        new RunProjection(
            row.Text(7),
            row.Text(8),
            row.Text(9),
            row.IsNull(10) ? PayloadRef.None : new PayloadRef(row.Blob(10)),
            Instant(row.Number(11)),
            decimal.Parse(row.Text(12), CultureInfo.InvariantCulture),
            row.Number(13),
            (int)row.Number(14),
            row.NumberOrNull(15) is { } wakeAt ? Instant(wakeAt) : null))
    {
        Session = row.IsNull(16) ? Run(row, 0).Run : RunId.FromBytes(row.Blob(16)),
    };

    public static List<RunRecord> Records(Statement rows)
    {
        using (rows)
        {
            var records = new List<RunRecord>();

            while (rows.Next())
            {
                records.Add(Record(rows));
            }

            return records;
        }
    }

    /// <summary>Tenant and run, in two columns side by side.</summary>
    public static RunKey Run(Statement row, int column) =>
        new(new TenantId(row.Text(column)), RunId.FromBytes(row.Blob(column + 1)));

    /// <summary>An entry in five columns side by side, as ReadEvent has them.</summary>
    public static StoredEvent Event(Statement row, int column) => new(
        row.Number(column),
        (int)row.Number(column + 1),
        row.Text(column + 2),
        row.Blob(column + 3).ToArray(),
        ChainHash.FromBytes(row.Blob(column + 4)));

    public static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}

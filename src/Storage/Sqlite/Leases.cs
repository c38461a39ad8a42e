using Reeve.Kernel.Journal;

namespace Reeve.Storage.Sqlite;

/// <summary>Who holds a run. Each take makes the epoch one greater; nothing ever makes it smaller.</summary>
internal static class Leases
{
    public static Lease? Holder(Database database, RunKey run, DateTimeOffset now)
    {
        using var row = database.Ask(Question.FindHolder).Bind(run).Bind(now);

        return row.Next()
            ? new Lease(
                run,
                new LeaseOwner(row.Text(1), (int)row.Number(2), row.Number(3), (int)row.Number(4)),
                (int)row.Number(0))
            : null;
    }

    /// <param name="deadEpoch">The epoch of a holder that was found dead; null when nobody was.</param>
    public static Lease? Take(
        Database database, RunKey run, LeaseOwner owner, DateTimeOffset now, TimeSpan duration, int? deadEpoch)
    {
        if (Journals.Head(database, run) is null)
        {
            throw StoreProblems.Refusal(StoreProblems.NotFound);
        }

        using var taken = database.Ask(Question.TakeLease)
            .Bind(owner.BootId).Bind(owner.ProcessId).Bind(owner.StartTicks).Bind(owner.Instance)
            .Bind(now + duration)
            .Bind(run)
            .Bind(now)
            .Bind(deadEpoch);

        return taken.Next() ? new Lease(run, owner, (int)taken.Number(0)) : null;
    }

    public static bool Renew(Database database, Lease lease, DateTimeOffset until) =>
        database.Do(database.Ask(Question.RenewLease).Bind(until).Bind(lease.Run).Bind(lease.Epoch)) > 0;

    public static bool Release(Database database, Lease lease) =>
        database.Do(database.Ask(Question.ReleaseLease).Bind(lease.Run).Bind(lease.Epoch)) > 0;
}

using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Xunit;

namespace Reeve.Tests.Scenarios.Storage;

public abstract partial class RunStoreContract
{
    private static readonly DateOnly s_today = new(2030, 1, 2);

    [Fact]
    [Trait("Req", "BUDGET-1")]
    public async Task A_charge_past_a_shared_ceiling_is_refused_by_its_level_and_changes_nothing()
    {
        var (ada, bob) = (await JournalDraft.StartAsync(Store), await JournalDraft.StartAsync(Store));
        var ceilings = new SharedCeilings(Dollars(3), Dollars(4));

        Assert.Null(await ChargeAsync(ada, "ada", 3, ceilings));
        Assert.Equal(SharedLevel.Person, await ChargeAsync(ada, "ada", 3.000000001m, ceilings));
        Assert.Equal(SharedLevel.Tenant, await ChargeAsync(bob, "bob", 2, ceilings));
        Assert.Null(await ChargeAsync(bob, "bob", 1, ceilings));

        // What was reserved and not spent is there for the next; the day after all of it is.
        Assert.Null(await ChargeAsync(ada, "ada", 1, ceilings: null));
        Assert.Null(await ChargeAsync(bob, "bob", 3, ceilings));
        Assert.Equal(SharedLevel.Person, await ChargeAsync(bob, "bob", 4, ceilings));
        Assert.Null(await ChargeAsync(bob, "bob", 6, ceilings, s_today.AddDays(1)));
    }

    [Fact]
    [Trait("Req", "BUDGET-1")]
    public async Task What_is_given_back_goes_to_the_day_it_was_charged_to()
    {
        var run = await JournalDraft.StartAsync(Store);
        var other = await JournalDraft.StartAsync(Store);
        var ceilings = new SharedCeilings(Dollars(3), OfTenant: null);
        Assert.Null(await ChargeAsync(run, "ada", 3, ceilings));

        Assert.Null(await ChargeAsync(run, "ada", 0, ceilings, s_today.AddDays(1)));

        Assert.Equal(SharedLevel.Person, await ChargeAsync(other, "ada", 4, ceilings, s_today.AddDays(1)));
        Assert.Null(await ChargeAsync(other, "ada", 3, ceilings, s_today.AddDays(1)));
    }

    /// <summary>Many runs of two processes reserve and settle at once, in an order that the seed decides.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Trait("Req", "BUDGET-1")]
    public async Task No_interleaving_of_runs_and_processes_exceeds_a_shared_ceiling(int seed)
    {
        const int Runs = 6, Steps = 40;
        var another = await OpenAsync();
        var ceilings = new SharedCeilings(Dollars(10), OfTenant: null);
        var drafts = await Task.WhenAll(Enumerable.Range(0, Runs).Select(_ => JournalDraft.StartAsync(Store)));
        long committed = 0, most = 0, refusals = 0;

        await Task.WhenAll(drafts.Select((draft, number) => Task.Run(() => WorkAsync(
            draft, number % 2 == 0 ? Store : another, new Random(seed * 100 + number)))));

        Assert.InRange(most, 8_000, 10_000);
        Assert.True(refusals > 0);

        async Task WorkAsync(JournalDraft draft, IRunStore store, Random random)
        {
            long spent = 0;

            for (var step = 0; step < Steps; step++)
            {
                var worstCase = random.Next(1, 4_000);

                if (await store.ChargeAsync(Of(draft, spent + worstCase, ceilings), s_none) is not null)
                {
                    Interlocked.Increment(ref refusals);
                    continue;
                }

                // Counted after it was granted and before it is given back: never more than the store has let through.
                Note(Interlocked.Add(ref committed, worstCase));
                await Task.Yield();
                var actual = random.Next(0, worstCase / 20 + 1);
                Interlocked.Add(ref committed, actual - worstCase);
                spent += actual;
                await store.ChargeAsync(Of(draft, spent, null), s_none);
            }
        }

        void Note(long now)
        {
            for (var known = Interlocked.Read(ref most); now > known; known = Interlocked.Read(ref most))
            {
                Interlocked.CompareExchange(ref most, now, known);
            }
        }

        static Spending Of(JournalDraft draft, long thousandths, SharedCeilings? ceilings) =>
            new(draft.Run, "ada", s_today, Dollars(thousandths / 1_000m), ceilings);
    }

    private Task<SharedLevel?> ChargeAsync(
        JournalDraft draft, string person, decimal dollars, SharedCeilings? ceilings, DateOnly? day = null) =>
        Store.ChargeAsync(new Spending(draft.Run, person, day ?? s_today, Dollars(dollars), ceilings), s_none);

    private static Cost Dollars(decimal dollars) => SharedCeilings.Unlimited with
    {
        Dollars = dollars, InputTokens = 0, OutputTokens = 0, ToolCalls = 0, EgressBytes = 0, Processes = 0,
    };
}

using System.Security.Cryptography;
using System.Text;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;

namespace Reeve.Tests.Scenarios.Storage;

/// <summary>A run as its holder knows it: where the head is, and what comes next.</summary>
internal sealed class JournalDraft(IRunStore store, RunKey run)
{
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(30);
    public static readonly LeaseOwner Owner = new("boot", 42, 1_000, 1);
    private static readonly DateTimeOffset s_start = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public RunKey Run { get; } = run;

    public long Sequence { get; private set; }

    public ChainHash Head { get; private set; } = ChainHash.Genesis;

    public int Epoch { get; private set; }

    public static RunKey NewRun(TenantId? tenant = null) =>
        new(tenant ?? TenantId.Local, RunId.FromBytes(RandomNumberGenerator.GetBytes(16)));

    /// <summary>A run with one entry, leased to <see cref="Owner"/>.</summary>
    public static async Task<JournalDraft> StartAsync(IRunStore store, RunKey? run = null, string? key = null)
    {
        var draft = new JournalDraft(store, run ?? NewRun());
        await draft.CreateAsync(key);
        await draft.LeaseAsync(Owner);

        return draft;
    }

    public static StoredPayload Payload(string text) => new(
        new PayloadRef(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
        Encoding.UTF8.GetBytes(text));

    public static RunProjection Projection(string status = "running", DateTimeOffset? wakeAt = null) =>
        new(status, "working", "none", Payload("goal").Ref, s_start, 1.25m, 1_000, 3, wakeAt);

    public Task CreateAsync(
        string? key = null, string workspace = "workspace", DateTimeOffset? at = null, DateTimeOffset? wakeAt = null) =>
        AppendAsync(Next(1) with
        {
            Epoch = 0,
            Create = new NewRun([1, 2, 3], workspace, at ?? s_start, key),
            Projection = Projection(wakeAt: wakeAt),
        });

    public async Task LeaseAsync(LeaseOwner owner)
    {
        var lease = await store.TryLeaseAsync(Run, owner, LeaseTime, _ => false, CancellationToken.None);
        Epoch = lease?.Epoch ?? throw new InvalidOperationException("Somebody else holds the run.");
    }

    public Task AppendAsync(int count = 1) => AppendAsync(Next(count));

    public async Task AppendAsync(AppendRequest request)
    {
        await store.AppendAsync(request, CancellationToken.None);
        Sequence = request.Events[^1].Sequence;
        Head = request.Events[^1].Self;
    }

    /// <summary>Takes over what somebody else appended.</summary>
    public void Follow(AppendRequest request) =>
        (Sequence, Head) = (request.Events[^1].Sequence, request.Events[^1].Self);

    public AppendRequest Next(int count = 1, int bytes = 200) =>
        new(Run, Sequence, Head, Epoch, Entries(count, bytes), [], Projection());

    public async Task<List<StoredEvent>> ReadAsync(long from = 1)
    {
        var read = new List<StoredEvent>();

        await foreach (var entry in store.ReadAsync(Run, from, CancellationToken.None))
        {
            read.Add(entry);
        }

        return read;
    }

    private StoredEvent[] Entries(int count, int bytes) => [.. Enumerable.Range(1, count).Select(place =>
    {
        var text = RandomNumberGenerator.GetBytes(bytes);
        return new StoredEvent(Sequence + place, Epoch, "test.happened", text, ChainHash.Of(text));
    })];
}

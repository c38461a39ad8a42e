using System.Collections.Concurrent;
using Reeve.Hosting;
using Reeve.Hosting.Composition;
using Reeve.Kernel.Journal;
using Reeve.Tests.Shared;

namespace Reeve.Tests.Simulation.World;

/// <summary>One data directory and the processes that live on it one after the other, or side by side.</summary>
public sealed class Lives
{
    private readonly ConcurrentDictionary<int, bool> _dead = new();
    private readonly ReeveHarness _reeve;
    private int _instance;

    public Lives(ReeveHarness reeve, Outside outside, TimeProvider? time = null, IEntropy? entropy = null)
    {
        _reeve = reeve;
        Outside = outside;
        Time = time ?? TimeProvider.System;
        Entropy = entropy;
    }

    public Outside Outside { get; }

    public TimeProvider Time { get; }

    public IEntropy? Entropy { get; }

    public Func<HostOptions, HostOptions> Change { get; set; } = options => options;

    /// <summary>A new process: it takes over from those who are known to be dead.</summary>
    public async Task<Life> BeginAsync(CrashPoint? crash = null, Action<int>? beforeAppend = null)
    {
        var instance = Interlocked.Increment(ref _instance);
        var store = default(FaultyStore);
        _reeve.Change = options => Change(options with
        {
            Instance = instance,
            IsDead = owner => _dead.ContainsKey(owner.Instance),
            MoreTools = Outside.Tools,
            Time = Time,
            Entropy = Entropy,
            AroundStore = inner => store = new FaultyStore(inner, crash, beforeAppend),
        });
        var host = await _reeve.OpenAsync();
        return new Life(host, store!, () => _dead[instance] = true);
    }
}

/// <summary>A process that works on runs until it ends, or dies.</summary>
public sealed class Life(ReeveHost host, FaultyStore store, Action die) : IAsyncDisposable
{
    public ReeveHost Host => host;

    public FaultyStore Store => store;

    /// <summary>From now on others may take what it holds.</summary>
    public void Die() => die();

    public async ValueTask DisposeAsync()
    {
        die();
        await host.DisposeAsync();
    }
}

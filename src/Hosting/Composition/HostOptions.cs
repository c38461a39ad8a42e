using Reeve.Authority.Mandates;
using Reeve.Authority.Secrets;
using Reeve.Doors.Processes;
using Reeve.Doors.Processes.HostBridge;
using Reeve.Doors.Views;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Hosting.Composition;

/// <summary>What configuration says about a host, already parsed; the one input of the composition root.</summary>
/// <param name="DataDirectory">REEVE_HOME: the store, keys and views; 0700.</param>
/// <param name="Model">The model of a name.</param>
/// <param name="TermsOf">Price and limits of a model; the flag says that a limit in money was set.</param>
/// <param name="ProfileOf">The sandbox of a workspace: limits, and the toolchains it needs.</param>
/// <param name="MandateOf">The mandate of a request; the identifier is given.</param>
public sealed record HostOptions(
    string DataDirectory,
    string DefaultModel,
    Func<string, IModel> Model,
    Func<string, bool, ModelTerms> TermsOf,
    Func<RunRequest, string, Mandate> MandateOf,
    RunLimits Limits,
    Func<string, SandboxProfile> ProfileOf,
    ViewPreference View,
    TimeProvider Time)
{
    /// <summary>Models that are asked in this order where the model of a run cannot answer.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    /// <summary>How often an answer that does not fit the schema of the output is given back to the model.</summary>
    public int OutputRepairs { get; init; } = 2;

    /// <summary>The operator's hooks; null where there are none.</summary>
    public HookTerms? Hooks { get; init; }

    /// <summary>The operator's hooks with those of a folder behind them; null where the folder brings none that
    /// count.</summary>
    public Func<string, HookTerms?> FolderHooks { get; init; } = _ => null;

    /// <summary>Sessions that nobody touched for so long are deleted; null keeps them.</summary>
    public TimeSpan? SessionTimeMax { get; init; }

    /// <summary>A session touched this recently is an active one.</summary>
    public TimeSpan SessionActiveTime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>What the model <c>router/auto</c> chooses from; null where nothing was configured.</summary>
    public ModelRouter? Router { get; init; }

    /// <summary>How much of replies is kept to be given again; null for nothing.</summary>
    public ReplyCacheSettings? ReplyCache { get; init; }

    /// <summary>Of a model's name: its server, and whatever else changes what it replies.</summary>
    public Func<string, string> ModelIdentity { get; init; } = name => name;

    /// <summary>Tools beside the built-in ones.</summary>
    public IReadOnlyList<ITool> MoreTools { get; init; } = [];

    /// <summary>Texts that must never be shown, as the keys of model providers.</summary>
    public IReadOnlyList<Secret> KnownSecrets { get; init; } = [];

    /// <summary>Stands in for the store of this machine; the simulation puts its faults here.</summary>
    public Func<IRunStore, IRunStore> AroundStore { get; init; } = store => store;

    /// <summary>Randomness; null takes the machine's.</summary>
    public IEntropy? Entropy { get; init; }

    /// <summary>Whether the operator set a limit in money for every run.</summary>
    public bool HasMoneyLimit { get; init; }

    /// <summary>What all runs of a person, and of everybody, may use up in a day; null for no ceiling.</summary>
    public SharedCeilings? Ceilings { get; init; }

    /// <summary>The commands that may run on the machine itself; null for none.</summary>
    public HostBridge? HostBridge { get; init; }

    /// <summary>Called before each durable step of an apply; null outside tests of crashes.</summary>
    public IApplySteps? ApplySteps { get; init; }

    /// <summary>Tells owners in one process apart.</summary>
    public int Instance { get; init; }

    /// <summary>Says of an owner of a lease that it is dead; null asks this machine.</summary>
    public Func<LeaseOwner, bool>? IsDead { get; init; }
}

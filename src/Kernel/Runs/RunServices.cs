using Reeve.Authority.Policy;
using Reeve.Authority.Secrets;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;
using Reeve.Kernel.Views;

namespace Reeve.Kernel.Runs;

/// <summary>Everything a run needs from outside the kernel, given once by the composition root.</summary>
/// <param name="Gates">Builds the gate of a mandate as it was recorded; nothing else decides.</param>
/// <param name="Model">The model of a run by its name in the terms.</param>
public sealed record RunServices(
    IRunStore Store,
    IKeyWrap Keys,
    IEntropy Entropy,
    TimeProvider Time,
    IRedactor Redactor,
    ITokenCounter Tokens,
    ToolCatalog Tools,
    IRunPlaces Places,
    Func<byte[], IGate> Gates,
    Func<string, IModel> Model,
    LeaseOwner Owner,
    Func<LeaseOwner, bool> IsDead)
{
    /// <summary>What all runs together may use up in a day; null for no ceiling.</summary>
    public SharedCeilings? Ceilings { get; init; }

    /// <summary>Replies that may be given again; null where each call is made.</summary>
    public CachedReplies? Replies { get; init; }

    /// <summary>A lease not renewed for this long may be taken by anybody.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(60);
}

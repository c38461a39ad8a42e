using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Kernel.Tools;

/// <summary>The grants of one call and where its live output goes. A grant the run has not is refused.</summary>
public sealed class ToolContext(Action<OutputChunk>? onOutput, params IReadOnlyList<IGrant> grants)
{
    public ToolContext(params IReadOnlyList<IGrant> grants)
        : this(onOutput: null, grants)
    {
    }

    /// <summary>Names the call to the other side: the same for every attempt at it, and for no other call.</summary>
    public string CallKey { get; init; } = "";

    /// <summary>Takes output as it is produced, for the live view; what the model sees is the result.</summary>
    public Action<OutputChunk>? OnOutput { get; } = onOutput;

    public TGrant Grant<TGrant>()
        where TGrant : class, IGrant
    {
        TGrant? grant = null;

        foreach (var given in grants)
        {
            if (given is TGrant fitting)
            {
                grant = grant is null
                    ? fitting : throw new InvalidOperationException("Two grants of a run are of one kind.");
            }
        }

        Problem.ThrowUnless(
            grant is not null, "grant.missing", $"This run has no {typeof(TGrant).Name} grant.");

        return grant;
    }
}

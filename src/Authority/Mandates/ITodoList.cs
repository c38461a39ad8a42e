using Reeve.Authority.Labels;

namespace Reeve.Authority.Mandates;

/// <summary>The right to read the list of work that the run keeps in its journal.</summary>
public interface ITodoList : IGrant
{
    /// <summary>As it was last written; empty where it never was.</summary>
    Task<Labeled<string>> ReadAsync(CancellationToken cancellationToken);
}

using Reeve.Authority.Labels;

namespace Reeve.Authority.Mandates;

/// <summary>The right to read again, whole, what earlier calls of the same run observed.</summary>
public interface IObservations : IGrant
{
    /// <summary>The whole observation of a call that was shown cut.</summary>
    /// <param name="name">As the cut observation names it.</param>
    /// <exception cref="ProblemException"><c>observation.not_found</c>.</exception>
    Task<Labeled<string>> FindAsync(string name, CancellationToken cancellationToken);
}

using Reeve.Kernel.Journal;

namespace Reeve.Hosting.Sessions;

/// <summary>A session in a list: a line of runs, each of which goes on where the one before stood.</summary>
/// <param name="Session">The identifier of its first run.</param>
/// <param name="Head">The run that <c>continue</c> goes on from.</param>
/// <param name="Name">Empty where nobody gave it one.</param>
/// <param name="Goal">What its first run was asked, redacted.</param>
public sealed record SessionLine(
    RunKey Session,
    RunKey Head,
    string Name,
    string Goal,
    int Runs,
    string Status,
    DateTimeOffset BeganAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Touched within the hours of the active tier.</summary>
    public bool IsActive { get; init; }

    /// <summary>Its words were deleted; the chains of its runs still verify.</summary>
    public bool IsErased { get; init; }
}

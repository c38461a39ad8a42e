using Reeve.Authority;
using Reeve.Doors.Processes;
using Reeve.Kernel.Journal;

namespace Reeve.Hosting.Composition;

/// <summary>Gives each run a uid of its own, where Reeve runs as root.</summary>
internal static class RunUsers
{
    /// <summary>A uid for a new view; runs begin to look in different places, so that a parked one keeps its
    /// own.</summary>
    public static RunUser LeaseNew(string dataDirectory, RunKey run)
    {
        var start = (uint)(run.Run.Value % RunUser.CountMax);

        for (uint step = 0; step < RunUser.CountMax; step++)
        {
            var id = RunUser.First + ((start + step) % RunUser.CountMax);

            if (RunUser.TryLease(DirectoryOf(dataDirectory), id) is { } user)
            {
                return user;
            }
        }

        throw new ProblemException(new Problem(
            "sandbox.unavailable", "Every user id kept for runs is in use; wait for a run to end.", IsRetryable: true));
    }

    /// <summary>The uid that owns a view already.</summary>
    public static RunUser LeaseAgain(string dataDirectory, uint id) =>
        RunUser.TryLease(DirectoryOf(dataDirectory), id) ?? throw new ProblemException(new Problem(
            "run.busy", "A process under the uid of this run is still alive; try again.", IsRetryable: true));

    private static string DirectoryOf(string dataDirectory) => Path.Join(dataDirectory, "users");
}

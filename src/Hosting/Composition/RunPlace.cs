using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Doors.Processes;
using Reeve.Doors.Views;
using Reeve.Kernel.Views;

namespace Reeve.Hosting.Composition;

/// <summary>One run's view, its file grant, its sandbox and the uid it runs under.</summary>
internal sealed class RunPlace(WorkspaceView view, WorkspaceFiles files, Programs programs, RunUser? user) : IRunPlace
{
    public IWorkspaceView View => view;

    public IReadOnlyList<IGrant> Grants { get; } = [files, programs];

    public async Task<SandboxReport> VerifySandboxAsync(CancellationToken cancellationToken)
    {
        var verified = await programs.VerifyAsync(cancellationToken);
        return new SandboxReport(
            verified.Tier, verified.ProfileDigest, verified.FilterDigest, verified.Probes.Count, verified.Took);
    }

    public async ValueTask DisposeAsync()
    {
        await programs.DisposeAsync();
        files.Dispose();
        view.Dispose();
        user?.Dispose();
    }
}

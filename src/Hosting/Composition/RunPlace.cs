using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Reeve.Doors.Processes;
using Reeve.Doors.Processes.HostBridge;
using Reeve.Doors.Views;
using Reeve.Kernel.Views;

namespace Reeve.Hosting.Composition;

/// <summary>One run's view, its file grant, its sandbox and the uid it runs under.</summary>
internal sealed class RunPlace(
    WorkspaceView view,
    WorkspaceFiles files,
    PlacedFolders folders,
    Programs programs,
    HostCommands host,
    RunUser? user,
    Func<CancellationToken, Task<SandboxVerification>> verify,
    TimeProvider time) : IRunPlace
{
    public IWorkspaceView View => view;

    public IReadOnlyList<IGrant> Grants { get; } = [folders.Beside(files), programs, host];

    public Labeled<string>? NotesOf(string folder) => WorkspaceGuidance.TryReadOf(files, folder);

    public async Task<SandboxReport> VerifySandboxAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var verified = (await verify(cancellationToken)).ThrowUnlessContained();

        return new SandboxReport(
            verified.Tier, verified.ProfileDigest, verified.FilterDigest, verified.Probes.Count,
            time.GetElapsedTime(began));
    }

    public ValueTask DisposeAsync()
    {
        files.Dispose();
        folders.Dispose();
        view.Dispose();
        user?.Dispose();
        return ValueTask.CompletedTask;
    }
}

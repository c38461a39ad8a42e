using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Views;

/// <summary>Where one run acts: its view of the workspace, its sandbox, and the grants of its mandate.</summary>
public interface IRunPlace : IAsyncDisposable
{
    IWorkspaceView View { get; }

    /// <summary>Every grant the mandate gives; a call receives those its tool names.</summary>
    IReadOnlyList<IGrant> Grants { get; }

    /// <summary>The notes for agents that lie in a subfolder of the view; null where there are none.</summary>
    Labeled<string>? NotesOf(string folder);

    /// <summary>Lets the sandbox attack itself with the profile commands will run in.</summary>
    /// <exception cref="Authority.ProblemException"><c>sandbox.unavailable</c> or
    /// <c>sandbox.not_contained</c>.</exception>
    Task<SandboxReport> VerifySandboxAsync(CancellationToken cancellationToken);
}

/// <summary>Opens the place of a run, or opens it again after its worker died.</summary>
public interface IRunPlaces
{
    /// <summary>Whatever a dead worker left running in the sandbox of the run is ended first.</summary>
    Task<IRunPlace> OpenAsync(RunKey run, RunTerms terms, byte[] mandate, CancellationToken cancellationToken);
}

/// <summary>What a sandbox showed when it attacked itself; every probe was stopped.</summary>
public sealed record SandboxReport(string Tier, string Profile, string Filter, int ProbesTotal, TimeSpan Took);

using Reeve.Authority;
using Reeve.Hosting;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive;

/// <summary>How runs of a session follow each other.</summary>
internal sealed class SessionLinks(IReeveHost host)
{
    public async Task<RunKey> ContinueAsync(RunKey head, RunRequest request, CancellationToken stop)
    {
        var report = await host.ReportAsync(head, stop);
        Problem.ThrowUnless(
            !report.Status.IsFinal(), "session.unavailable", "A finished run cannot be continued yet.");
        await host.SayAsync(head, request.Goal, stop);
        return head;
    }
}

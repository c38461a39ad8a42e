using System.Text;
using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Reeve.Doors.Views;
using Reeve.Hosting;
using Reeve.Hosting.Composition;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Models.Scripted;

namespace Reeve.Tests.Shared;

/// <summary>A host on a data directory and workspace of its own, with a scripted model: all else is the
/// product's.</summary>
public sealed class ReeveHarness : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("reeve-test-").FullName;

    public ReeveHarness(string script)
        : this(new ScriptedModel(Script.Parse(Encoding.UTF8.GetBytes(script)), "test", TimeProvider.System))
    {
    }

    public ReeveHarness(IModel model)
    {
        Model = model;
        Workspace = Directory.CreateDirectory(Path.Combine(_root, "workspace")).FullName;
        Data = Path.Combine(_root, "data");
    }

    public IModel Model { get; set; }

    public string Workspace { get; }

    public string Data { get; }

    public RunLimits Limits { get; set; } = RunLimits.Default;

    public Func<HostOptions, HostOptions> Change { get; set; } = options => options;

    public Func<Mandate, Mandate> ChangeMandate { get; set; } = mandate => mandate;

    public void Write(string path, string text)
    {
        var full = Path.Combine(Workspace, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Workspace, path));

    public Task<ReeveHost> OpenAsync() => ReeveHost.OpenAsync(
        Change(new HostOptions(
            Data, Model.Name, _ => Model,
            (name, hasMoneyLimit) => new ModelTerms(name, 1m, 2m, "test", hasMoneyLimit),
            (request, id) => ChangeMandate(Mandate.Default(id, "tester", request.CanAsk)),
            Limits, _ => SandboxProfile.Default, ViewPreference.Automatic, TimeProvider.System)),
        CancellationToken.None);

    /// <summary>Submits a goal, carries it to its end and reads the report.</summary>
    public async Task<RunReport> RunAsync(string goal = "Do it.", params string[] criteria)
    {
        await using var host = await OpenAsync();
        var run = await SubmitAsync(host, goal, criteria);
        await host.ContinueAsync(run, new SilentObserver(), new RunLoopOptions(TimeSpan.Zero), CancellationToken.None);
        return await host.ReportAsync(run, CancellationToken.None);
    }

    public Task<RunKey> SubmitAsync(IReeveHost host, string goal = "Do it.", params string[] criteria) =>
        host.SubmitAsync(new RunRequest(goal, Workspace, Criteria: criteria), CancellationToken.None);

    public async Task<T> WithHostAsync<T>(Func<ReeveHost, Task<T>> use)
    {
        await using var host = await OpenAsync();
        return await use(host);
    }

    public ValueTask DisposeAsync()
    {
        // An overlay of an ordinary user leaves a folder that not even its owner may list.
        if (!Environment.IsPrivilegedProcess)
        {
            using var opener = System.Diagnostics.Process.Start("chmod", ["-R", "u+rwx", _root]);
            opener.WaitForExit();
        }

        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }
}

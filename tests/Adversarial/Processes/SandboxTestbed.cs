using System.Text;
using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

/// <summary>A workspace of its own and sandboxes over it, as whoever runs the test.</summary>
internal sealed class SandboxTestbed : IDisposable
{
    /// <summary>Set where the tests are run again as an unprivileged user: then none may find itself root.</summary>
    public const string AsUserVariable = "REEVE_TEST_AS_USER";

    private readonly string _base = Directory.CreateTempSubdirectory("reeve-sandbox").FullName;
    private readonly RunUser? _user;

    public SandboxTestbed()
    {
        var mustBeUser = Environment.GetEnvironmentVariable(AsUserVariable) is not null;
        Assert.False(mustBeUser && RunUser.IsNeeded,
            "This test must run as an unprivileged user and found itself root.");

        Workspace = Directory.CreateDirectory(Path.Join(_base, "workspace")).FullName;
        _user = RunUser.IsNeeded ? RunUser.Lease(Path.Join(_base, "uids")) : null;
        Own(Workspace);
    }

    public string Workspace { get; }

    public string Base => _base;

    public SandboxRoot Root => SandboxRoot.Of(Workspace, _user);

    public static SandboxLimits Limits { get; } = SandboxLimits.Default with { WallTime = TimeSpan.FromSeconds(60) };

    public void Write(string path, string content)
    {
        var full = Path.Join(Workspace, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        Own(full);
        Own(Path.GetDirectoryName(full)!);
    }

    public Task<SandboxRun> RunAsync(params string[] arguments) => RunAsync(Limits, arguments);

    public Task<SandboxRun> RunAsync(SandboxLimits limits, params string[] arguments) =>
        RunAsync(SandboxProfile.Default with { Limits = limits }, arguments);

    public Task<SandboxRun> RunAsync(SandboxProfile profile, params string[] arguments) =>
        new Bubblewrap(profile, Root, TimeProvider.System).RunAsync(
            new Command(arguments), onOutput: null, TestContext.Current.CancellationToken);

    public async Task<string> OutputAsync(string shellLine)
    {
        var run = await RunAsync("/bin/sh", "-c", shellLine);
        return Text(run.Result.Output);
    }

    /// <summary>After whatever happened: nothing of it lives, and the next command works.</summary>
    public async Task AssertNothingIsLeftAsync(string mark)
    {
        Assert.DoesNotContain(Commands(), each => each.Contains(mark, StringComparison.Ordinal));
        Assert.Equal("next\n", await OutputAsync("echo next"));
    }

    public static string Text(OutputText output) => Encoding.UTF8.GetString([.. output.Head.Span, .. output.Tail.Span]);

    public void Dispose()
    {
        _user?.Dispose();
        Directory.Delete(_base, recursive: true);
    }

    private static IEnumerable<string> Commands() => Directory.GetDirectories("/proc")
        .Where(path => int.TryParse(Path.GetFileName(path), out _))
        .Select(path => ProcessFiles.ReadText(Path.Join(path, "cmdline")) ?? string.Empty);

    private void Own(string path)
    {
        if (_user is not null)
        {
            Assert.Equal(0, ForeignProgram.Run("/bin/chown", $"{_user.Id}:{_user.Id}", path).ExitCode);
        }
    }
}

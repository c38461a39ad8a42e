using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Processes;

[Collection("sandbox")]
[Trait("Runs", "AsAnyone")]
public sealed class ToolchainTests : IDisposable
{
    private readonly SandboxTestbed _testbed = new();
    private readonly string _home;

    public ToolchainTests()
    {
        // A closed home: only who opens the toolchain before giving up root gets below it.
        _home = Directory.CreateDirectory(Path.Join(_testbed.Base, "home")).FullName;
        Write(".pyenv/versions/3.99.0/bin/python3", "#!/bin/sh\necho python of the home\n");
        Write(".pyenv/version", "3.99.0\n");
        Write(".pyenv/.pypirc", "password");
        Write(".ssh/id", "secret");
        File.SetUnixFileMode(_home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _testbed.Write("pyproject.toml", "");
    }

    public void Dispose() => _testbed.Dispose();

    [Fact, Trait("Req", "EXEC-13")]
    public async Task A_tool_in_the_home_runs_and_the_home_stays_closed()
    {
        Assert.Equal("python of the home\n", await OutputAsync("python3"));
        Assert.Equal(".pyenv\n", await OutputAsync($"ls -A {_home}"));
        Assert.Equal("0\n", await OutputAsync($"cat {_home}/.pyenv/.pypirc | wc -c"));
        Assert.Equal(string.Empty, await OutputAsync($"echo x > {_home}/.pyenv/version && echo through"));
        _ = await OutputAsync($"touch {_home}/planted");
        Assert.False(File.Exists(Path.Join(_home, "planted")));
        Assert.Equal("password", await File.ReadAllTextAsync(Path.Join(_home, ".pyenv/.pypirc")));
    }

    [Fact, Trait("Req", "EXEC-13")]
    public async Task A_c_project_is_built_and_tested_offline()
    {
        _testbed.Write("main.c", "#include <assert.h>\nint main(void) { assert(2 + 2 == 4); return 0; }\n");

        Assert.Equal("passed\n", await OutputAsync("cc -o main main.c && ./main && echo passed"));
    }

    [Fact, Trait("Req", "EXEC-13")]
    public async Task A_node_project_is_tested_offline()
    {
        _testbed.Write("package.json", "{}");
        _testbed.Write(
            "a.test.js", "const t = require('node:test'); t('adds', () => { if (1 + 1 !== 2) throw new Error() })");

        Assert.Contains("pass 1", await OutputAsync("node --test 2>&1"), StringComparison.Ordinal);
    }

    private async Task<string> OutputAsync(string line)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _home, ["PATH"] = "/usr/bin",
        };
        var profile = SandboxProfile.Default with { Toolchains = Toolchains.Detect(_testbed.Workspace, environment) };
        var run = await _testbed.RunAsync(profile, "/bin/sh", "-c", line);

        return SandboxTestbed.Text(run.Result.Output);
    }

    private void Write(string path, string content)
    {
        var full = Path.Join(_home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        File.SetUnixFileMode(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
    }
}

using System.Diagnostics;
using Reeve.Doors.Processes;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Evidence;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Toolchains;

/// <summary>Projects whose dependencies are installed in the user's home, tested by Reeve itself without
/// network.</summary>
[Trait("Req", "EXEC-13")]
public sealed class OfflineProjectTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("reeve-home-").FullName;
    private string _path = "/usr/bin:/bin";

    public OfflineProjectTests()
    {
        OrdinaryUser.FailIfRoot();
        File.SetUnixFileMode(_home, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Where the packages of this machine are installed, of which one is lent.</summary>
    internal static string Packages => Path.Join(
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Join(Environment.GetEnvironmentVariable("HOME"), ".nuget/packages"),
        "yamldotnet");

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task A_python_project_finds_the_packages_of_the_home()
    {
        Install(".local/lib/python3.11/site-packages/house/__init__.py", "ANSWER = 42\n");
        await using var reeve = Project(
            ("pyproject.toml", ""),
            ("test_answer.py", """
                import unittest, house
                class AnswerTests(unittest.TestCase):
                    def test_answer(self):
                        self.assertEqual(42, house.ANSWER)
                """));

        AssertVerified(await reeve.RunAsync("Test it.", "/usr/bin/python3 -m unittest -q"));
    }

    [Fact]
    public async Task A_node_project_runs_on_the_node_of_the_home_with_its_modules()
    {
        Install(".nvm/versions/node/v99.0.0/bin/node", "#!/bin/sh\nHOUSE=v99 exec /usr/bin/node \"$@\"\n");
        _path = Path.Join(_home, ".nvm/versions/node/v99.0.0/bin") + ":/usr/bin";
        await using var reeve = Project(
            ("package.json", """{ "name": "app", "dependencies": { "house": "1.0.0" } }"""),
            ("node_modules/house/package.json", """{ "name": "house", "version": "1.0.0", "main": "index.js" }"""),
            ("node_modules/house/index.js", "exports.answer = 42;\n"),
            ("answer.test.js", """
                const { test } = require('node:test');
                const assert = require('node:assert');
                test('answer', () => assert.deepEqual([require('house').answer, process.env.HOUSE], [42, 'v99']));
                """));

        AssertVerified(await reeve.RunAsync("Test it.", "node --test"));
    }

    [Fact]
    public async Task A_dotnet_project_is_restored_built_and_run_from_the_packages_of_the_home()
    {
        Copy(Packages, Path.Join(_home, ".nuget/packages/yamldotnet"));
        await using var reeve = Project(
            ("app.csproj", $"""
                <Project Sdk="Microsoft.NET.Sdk">
                  <PropertyGroup>
                    <OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>
                  </PropertyGroup>
                  <ItemGroup><PackageReference Include="YamlDotNet" Version="{InstalledVersion}" /></ItemGroup>
                </Project>
                """),
            ("Program.cs", """
                var read = new YamlDotNet.Serialization.Deserializer().Deserialize<System.Collections.Generic
                    .Dictionary<string, int>>("answer: 42");
                return read["answer"] == 42 ? 0 : 1;
                """));

        AssertVerified(await reeve.RunAsync("Test it.", "dotnet build -v q && dotnet bin/Debug/net10.0/app.dll"));
    }

    [Fact]
    public async Task A_c_project_finds_the_headers_and_libraries_of_the_home()
    {
        Install(".local/include/house.h", "int house(void);\n");
        Install("house.c", "int house(void) { return 42; }\n");
        Directory.CreateDirectory(Path.Join(_home, ".local/lib"));
        Run("cc", "-shared", "-fPIC", "-o", Path.Join(_home, ".local/lib/libhouse.so"), Path.Join(_home, "house.c"));
        await using var reeve = Project(
            ("main.c", "#include <house.h>\nint main(void) { return house() == 42 ? 0 : 1; }\n"),
            ("Makefile", "test: main\n\t./main\nmain: main.c\n\tcc -o main main.c -lhouse\n"));

        AssertVerified(await reeve.RunAsync("Test it.", "make -s test"));
    }

    [Fact]
    public async Task Without_the_grant_the_home_is_not_there()
    {
        Install(".local/lib/python3.11/site-packages/house/__init__.py", "ANSWER = 42\n");
        await using var reeve = Project(("pyproject.toml", ""), ("a.py", "import house\n"));
        reeve.Change = options => options;

        var report = await reeve.RunAsync("Test it.", "/usr/bin/python3 a.py");

        Assert.Equal(CheckOutcome.Failed, Assert.Single(report.Criteria).Outcome);
    }

    private static string InstalledVersion => Path.GetFileName(Directory.GetDirectories(Packages).Order().Last());

    private static void AssertVerified(RunReport report) => Assert.True(
        report.Proof == ProofLevel.Verified, $"{report.Status} {report.Reason} {report.Problem} {report.Result}");

    private ReeveHarness Project(params (string Path, string Text)[] files)
    {
        var reeve = new ReeveHarness(Of([.. Enumerable.Range(0, 4).Select(_ => Finishes())]));

        foreach (var (path, text) in files)
        {
            reeve.Write(path, text);
        }

        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _home, ["PATH"] = _path,
        };
        reeve.Change = options => options with
        {
            ProfileOf = workspace => SandboxProfile.Default with
            {
                Toolchains = [.. Doors.Processes.Toolchains.Detect(workspace, environment)],
            },
        };
        return reeve;
    }

    private void Install(string path, string text)
    {
        var full = Path.Join(_home, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        File.SetUnixFileMode(full, File.GetUnixFileMode(full)
            | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        Run("cp", "-r", from, to);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}

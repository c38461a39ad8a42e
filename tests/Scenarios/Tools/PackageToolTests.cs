using System.Diagnostics;
using Reeve.Doors.Processes;
using Reeve.Kernel.Tools;
using Reeve.Tests.Shared;
using Xunit;
using static Reeve.Tests.Shared.Scripts;

namespace Reeve.Tests.Scenarios.Tools;

/// <summary>Packages of a project: put in place from what is there, without a script of theirs and without
/// network.</summary>
[Trait("Req", "EXEC-9")]
public sealed class PackageToolTests
{
    private const string Package = """
        {"name":"app","version":"1.0.0","scripts":{"preinstall":"touch owned","prepare":"touch owned"},
        "dependencies":{"house":"file:house"}}
        """;

    private const string Lock = """
        {"name":"app","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{
        "":{"name":"app","version":"1.0.0","hasInstallScript":true,"dependencies":{"house":"file:house"}},
        "house":{"version":"1.0.0","hasInstallScript":true},
        "node_modules/house":{"resolved":"house","link":true}}}
        """;

    private const string House = """{"name":"house","version":"1.0.0","scripts":{"install":"touch ../owned"}}""";

    private const string Missing = """
        {"name":"app","version":"1.0.0","lockfileVersion":3,"requires":true,"packages":{
        "":{"name":"app","version":"1.0.0","dependencies":{"nowhere-at-all":"1.0.0"}},
        "node_modules/nowhere-at-all":{"version":"1.0.0","resolved":"https://example.invalid/nowhere-at-all.tgz",
        "integrity":"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="}}}
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Packages_are_put_in_place_and_none_of_their_scripts_runs()
    {
        await using var reeve = Project(Package, Lock);
        await RunPlainAsync(reeve);
        Assert.True(File.Exists(Path.Join(reeve.Workspace, "owned")));
        File.Delete(Path.Join(reeve.Workspace, "owned"));
        Directory.Delete(Path.Join(reeve.Workspace, "node_modules"), recursive: true);

        var report = await reeve.RunAsync();

        var answers = await reeve.AnswersAsync(report.Run);
        Assert.True(answers[0].Outcome == ToolOutcome.Done, answers[0].Text);
        Assert.False(answers[0].Receipt!.IsCheck);
        Assert.Contains("there: house", answers[1].Text, StringComparison.Ordinal);
        Assert.DoesNotContain("owned", answers[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_package_that_is_in_no_cache_is_a_problem_with_a_way_out()
    {
        await using var reeve = Project(
            """{"name":"app","version":"1.0.0","dependencies":{"nowhere-at-all":"1.0.0"}}""", Missing);

        var report = await reeve.RunAsync();

        var answer = (await reeve.AnswersAsync(report.Run))[0];
        AssertNotCached(answer);
        Assert.Empty(report.Changes);
    }

    [Fact]
    public async Task A_package_of_dotnet_that_is_in_no_cache_is_one_too()
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("app.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
              <ItemGroup><PackageReference Include="Nowhere.At.All" Version="1.0.0" /></ItemGroup>
            </Project>
            """);
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
        };
        reeve.Change = options => options with
        {
            ProfileOf = workspace => SandboxProfile.Default with
            {
                Toolchains = [.. Doors.Processes.Toolchains.Detect(workspace, variables)],
            },
        };

        var answer = await reeve.CallOnceAsync("packages", "{}");

        AssertNotCached(answer);
    }

    [Theory]
    [InlineData("""{"stack":"python"}""", "argument.invalid")]
    [InlineData("""{"stack":"make"}""", "argument.invalid")]
    [InlineData("""{"stack":"npm; touch owned"}""", "argument.invalid")]
    [InlineData("""{"scripts":true}""", "argument.invalid")]
    [InlineData("""{"package":"left-pad"}""", "argument.invalid")]
    [InlineData("""{"directory":"../.."}""", "path.outside_workspace")]
    [InlineData("""{"directory":"out"}""", "path.outside_workspace")]
    [InlineData("{}", "build.unknown_stack")]
    public async Task What_is_no_plain_argument_is_refused(string arguments, string code)
    {
        await using var reeve = new ReeveHarness(Of(Finishes()));
        reeve.Write("a.py", "x = 1\n");
        Directory.CreateSymbolicLink(Path.Join(reeve.Workspace, "out"), "/etc");

        var answer = await reeve.CallOnceAsync("packages", arguments);

        Assert.Equal((ToolOutcome.Refused, code), (answer.Outcome, answer.Code));
    }

    private static void AssertNotCached(ToolAnswer answer)
    {
        Assert.Equal(ToolOutcome.Failed, answer.Outcome);
        Assert.Equal("not_cached", answer.Json.GetProperty("status").GetString());
        Assert.Equal("packages.not_cached", answer.Json.GetProperty("problem").GetString());
        Assert.Contains("is in no cache", answer.Json.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static ReeveHarness Project(string package, string locked)
    {
        var reeve = new ReeveHarness(Of(
            Call("packages", new { }),
            Call("shell", new { command = "echo there: $(ls node_modules); find . -name owned" }),
            Finishes()));
        reeve.Write("package.json", package);
        reeve.Write("package-lock.json", locked);
        reeve.Write("house/package.json", House);

        return reeve;
    }

    private static async Task RunPlainAsync(ReeveHarness reeve)
    {
        var start = new ProcessStartInfo("npm", ["ci", "--offline", "--no-audit", "--no-fund"])
        {
            WorkingDirectory = reeve.Workspace, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["HOME"] = Directory.CreateDirectory(Path.Join(reeve.Workspace, "../home")).FullName;
        start.Environment["npm_config_foreground_scripts"] = "true";
        using var npm = Process.Start(start)!;
        await Task.WhenAll(npm.StandardOutput.ReadToEndAsync(Stop), npm.StandardError.ReadToEndAsync(Stop));
        await npm.WaitForExitAsync(Stop);
    }
}

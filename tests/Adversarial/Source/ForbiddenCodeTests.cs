using System.Diagnostics;
using System.Text.RegularExpressions;
using Xunit;

namespace Reeve.Tests.Adversarial.Source;

/// <summary>Tools that take what nobody granted, or wait where nobody may: valid C#, and the build of the product
/// refuses each.</summary>
public sealed class ForbiddenCodeTests : IDisposable
{
    private const string Allowed = "Granted";

    /// <summary>A name, and a statement of a tool that does it.</summary>
    private static readonly (string Name, string Statement)[] s_attacks =
    [
        ("ReadsFiles", "_ = System.IO.File.ReadAllText(\"/etc/passwd\");"),
        ("OpensFiles", "using var file = new System.IO.FileStream(\"/etc/passwd\", System.IO.FileMode.Open);"),
        ("ListsFolders", "_ = System.IO.Directory.GetFiles(\"/\");"),
        ("StartsProcesses", "_ = System.Diagnostics.Process.Start(\"/bin/sh\");"),
        ("SendsRequests", "using var http = new System.Net.Http.HttpClient();"),
        ("OpensSockets", "using var socket = new System.Net.Sockets.TcpClient();"),
        ("ResolvesNames", "_ = System.Net.Dns.GetHostName();"),
        ("ReadsTheEnvironment", "_ = System.Environment.GetEnvironmentVariable(\"HOME\");"),
        ("WritesToTheTerminal", "System.Console.WriteLine(\"x\");"),
        ("LoadsCode", "_ = System.Reflection.Assembly.LoadFrom(\"/tmp/x.dll\");"),
        ("AsksTheClock", "_ = System.DateTimeOffset.UtcNow;"),
        ("TakesChance", "_ = System.Random.Shared.Next();"),
        ("WaitsForAResult", "_ = System.Threading.Tasks.Task.FromResult(1).Result;"),
        ("WaitsForATask", "System.Threading.Tasks.Task.CompletedTask.Wait();"),
        ("Sleeps", "System.Threading.Thread.Sleep(1);"),
        ("BlocksInAnAsyncMethod",
            "async System.Threading.Tasks.Task Act(System.IO.Stream stream) { stream.Flush(); "
            + "await System.Threading.Tasks.Task.Yield(); } _ = Act(System.IO.Stream.Null);"),
        ("GrowsWithoutBound", "_ = System.Threading.Channels.Channel.CreateUnbounded<int>();"),
    ];

    /// <summary>A banned symbol, a synchronous wait, or a blocking call in an asynchronous method.</summary>
    private static readonly Regex s_refusals =
        new(@"error (RS0030|VSTHRD002|MA0042|MA0045):", RegexOptions.NonBacktracking);

    private readonly string _copy = Directory.CreateTempSubdirectory("reeve-forbidden-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    [Fact]
    [Trait("Req", "GATE-4")]
    [Trait("Req", "QUAL-2")]
    public async Task A_tool_that_takes_what_nobody_granted_or_blocks_does_not_build()
    {
        await CopyAsync();
        Write(Allowed, "");

        foreach (var (name, statement) in s_attacks)
        {
            Write(name, statement);
        }

        // Without the guard all of it is a program like any other.
        var (unguarded, said) = await BuildAsync("-p:RunAnalyzers=false");
        Assert.True(unguarded == 0, said);

        var (guarded, errors) = await BuildAsync("--no-restore", "-p:BuildProjectReferences=false");
        Assert.NotEqual(0, guarded);
        Assert.DoesNotContain($"{Allowed}.cs", errors, StringComparison.Ordinal);
        Assert.All(s_attacks, attack => Assert.Matches(s_refusals, Lines(errors, attack.Name)));
    }

    private static string Lines(string errors, string name) => string.Join('\n',
        errors.Split('\n').Where(line => line.Contains($"{name}.cs(", StringComparison.Ordinal)));

    private void Write(string name, string statement) => File.WriteAllText(
        Path.Join(_copy, "src/Tools", $"{name}.cs"),
        $$"""
        namespace Reeve.Tools;

        /// <summary>Does what its name says.</summary>
        internal static class {{name}}
        {
            public static void Act()
            {
                {{statement}}
            }
        }

        """);

    private async Task CopyAsync()
    {
        var root = Root();
        string[] parts =
        [
            "src/Authority", "src/Kernel", "src/Tools", "eng", "Directory.Build.props", "Directory.Build.targets",
            "Directory.Packages.props", "global.json", ".editorconfig",
        ];
        Directory.CreateDirectory(Path.Join(_copy, "src"));

        foreach (var part in parts)
        {
            var (exitCode, said) = await RunAsync("cp", "-r", Path.Join(root, part), Path.Join(_copy, part));
            Assert.True(exitCode == 0, said);
        }
    }

    private Task<(int ExitCode, string Output)> BuildAsync(params string[] more) => RunAsync("dotnet",
    [
        "build", Path.Join(_copy, "src/Tools/Tools.csproj"), "-v", "quiet", "-clp:NoSummary", "-nodeReuse:false",
        "-p:UseSharedCompilation=false", "-p:NuGetAudit=false", .. more,
    ]);

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);

        return (process.ExitCode, output);
    }

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);

        while (!File.Exists(Path.Join(directory!.FullName, "Reeve.slnx")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }
}

namespace Reeve.Bench;

/// <summary>`reeve --version` against the emptiest .NET program that is published the same way.</summary>
internal static class StartBenchmark
{
    private const int Turns = 60;

    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <SelfContained>false</SelfContained>
            <PublishReadyToRun>true</PublishReadyToRun>
            <PublishSingleFile>true</PublishSingleFile>
            <InvariantGlobalization>true</InvariantGlobalization>
            <TieredPGO>false</TieredPGO>
          </PropertyGroup>
          <ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>
        </Project>
        """;

    private static readonly string s_root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));

    public static async Task RunAsync()
    {
        var command = Path.Combine(s_root, "out/reeve");

        if (!File.Exists(command))
        {
            await Launch.RunAsync(Path.Combine(s_root, "do"), "build");
        }

        var hello = await PublishHelloAsync();
        var sorted = await Rounds.TurnsAsync(
            Turns, () => Launch.RunAsync(command, "--version"), () => Launch.RunAsync(hello));

        Console.WriteLine($"start to end; {Turns} turns each, one after the other");
        Show("reeve --version", sorted[0]);
        Show("an empty program", sorted[1]);
        Rounds.Judge("ours / empty", sorted[0][Turns / 2] / sorted[1][Turns / 2], 1.4, isMost: true);
        Rounds.Judge("lowest of ours / lowest of empty", sorted[0][0] / sorted[1][0], 1.4, isMost: true);
    }

    /// <summary>Published once beside the build; nothing of this repository's settings reaches it.</summary>
    private static async Task<string> PublishHelloAsync()
    {
        var directory = Path.Combine(s_root, "artifacts/anchors/hello");
        var program = Path.Combine(directory, "out/hello");

        if (File.Exists(program))
        {
            return program;
        }

        Directory.CreateDirectory(directory);
        await File.WriteAllTextAsync(Path.Combine(directory, "hello.csproj"), Project);
        await File.WriteAllTextAsync(Path.Combine(directory, "Directory.Build.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(directory, "Directory.Build.targets"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(directory, "Directory.Packages.props"), "<Project />");
        await File.WriteAllTextAsync(Path.Combine(directory, "Program.cs"), "System.Console.WriteLine(\"hello\");\n");
        await Launch.RunAsync(
            "dotnet", "publish", Path.Combine(directory, "hello.csproj"), "-c", "Release", "-r",
            System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, "-o", Path.Combine(directory, "out"));

        return program;
    }

    private static void Show(string name, double[] sorted) => Console.WriteLine(
        $"  {name}: median {sorted[Turns / 2] / 1_000:0.0} ms · lowest {sorted[0] / 1_000:0.0} ms");
}

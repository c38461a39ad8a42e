using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Doors.Files;
using Reeve.Kernel.Tools;
using Reeve.Tools;
using Xunit;

namespace Reeve.Tests.Adversarial.Files;

/// <summary>Every registered tool, each of its arguments and every way out, over the real grant: none is known by
/// name here, so a new tool is walked the day it is registered.</summary>
[Trait("Req", "FS-4")]
public sealed class EveryToolEscapesTests : IDisposable
{
    private const string Canary = "crown-jewels-7f3a";

    private static readonly TimeSpan s_callTimeMax = TimeSpan.FromSeconds(10);

    private readonly string _base = Directory.CreateTempSubdirectory("reeve-tools-").FullName;

    public EveryToolEscapesTests()
    {
        Directory.CreateDirectory(Outside);
        Directory.CreateDirectory(Path.Join(Root, "folder"));
        File.WriteAllText(Path.Join(Outside, "secret.txt"), Canary);
        File.WriteAllText(Path.Join(Root, "folder", "inside.txt"), "inside");
        File.CreateSymbolicLink(Path.Join(Root, "out"), Outside);
        File.CreateSymbolicLink(Path.Join(Root, "file"), Path.Join(Outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Join(Root, "self"), "/proc/self/root" + Outside);
        File.CreateSymbolicLink(Path.Join(Root, "etc"), "/etc");
        using var mkfifo = Process.Start("mkfifo", [Path.Join(Root, "pipe")]);
        mkfifo.WaitForExit();
    }

    public static TheoryData<string, string> Arguments =>
        [.. BuiltInTools.All.SelectMany(tool => Texts(tool).Select(argument => (tool.Spec.Name, argument)))];

    private string Root => Path.Join(_base, "workspace");

    private string Outside => Path.Join(_base, "outside");

    private string[] WaysToTheFile =>
    [
        "out/secret.txt", "file", "self/secret.txt", "../outside/secret.txt", "folder/../../outside/secret.txt",
        Outside + "/secret.txt", "/proc/self/root" + Outside + "/secret.txt", "folder/../out/./secret.txt",
    ];

    private string[] WaysToTheFolder => ["out", "self", "..", "../outside", Outside, "/proc/self/root" + Outside];

    private string[] Others =>
    [
        "etc", "etc/hostname", "pipe", "/dev/zero", "/dev/null", "a\0b", "file\0.png", new string('a', 100_000),
        string.Concat(Enumerable.Repeat("../", 2_000)) + "etc", "out/planted.txt", "../planted.txt", "~/planted.txt",
    ];

    [Fact]
    public void Each_way_leads_out_without_the_guard()
    {
        Assert.All(WaysToTheFile, way => Assert.Equal(Canary, File.ReadAllText(Path.Combine(Root, way))));
        Assert.All(WaysToTheFolder, way => Assert.Contains(
            Directory.EnumerateFiles(Path.Combine(Root, way), "*", SearchOption.AllDirectories),
            path => path.EndsWith("secret.txt", StringComparison.Ordinal)));

        File.WriteAllText(Path.Combine(Root, "out/planted.txt"), "owned");
        Assert.True(File.Exists(Path.Join(Outside, "planted.txt")));
    }

    [Theory]
    [MemberData(nameof(Arguments))]
    public async Task No_argument_of_any_tool_leads_out(string name, string argument)
    {
        var tool = BuiltInTools.All.Single(tool => tool.Spec.Name == name);
        var before = Picture();

        foreach (var way in (string[])[.. WaysToTheFile, .. WaysToTheFolder, .. Others])
        {
            using var files = new WorkspaceIssuer(Root, Label.BuiltIn).Issue(canChange: true);
            var arguments = Valid(tool);
            arguments[argument] = IsList(tool, argument) ? new JsonArray(way) : way;

            Assert.DoesNotContain(Canary, await SaysAsync(tool, arguments, files), StringComparison.Ordinal);
        }

        Assert.Equal(before, Picture());
    }

    public void Dispose() => Directory.Delete(_base, recursive: true);

    private static async Task<string> SaysAsync(ITool tool, JsonObject arguments, WorkspaceFiles files)
    {
        using var late = new CancellationTokenSource(s_callTimeMax);

        try
        {
            var output = await tool
                .InvokeAsync(JsonSerializer.SerializeToElement(arguments), new ToolContext(files), late.Token)
                .WaitAsync(s_callTimeMax, TestContext.Current.CancellationToken);
            return output.Text;
        }
        catch (ProblemException refusal)
        {
            return refusal.Problem.Message;
        }
    }

    /// <summary>What else the tool needs, so that only the walked argument can be what it stumbles over.</summary>
    private static JsonObject Valid(ITool tool)
    {
        var arguments = new JsonObject();

        if (tool.ArgumentsSchema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray().Select(item => item.GetString()!))
            {
                arguments[name] = name switch
                {
                    "path" => "folder/inside.txt",
                    "oldText" => "inside",
                    "pattern" => "crown*",
                    _ when IsList(tool, name) => new JsonArray("folder/inside.txt"),
                    _ when TypeOf(tool, name).Contains("integer", StringComparison.Ordinal) => 1,
                    _ => "text",
                };
            }
        }

        return arguments;
    }

    private static IEnumerable<string> Texts(ITool tool) =>
        tool.ArgumentsSchema.GetProperty("properties").EnumerateObject().Select(member => member.Name)
            .Where(name => IsList(tool, name) || TypeOf(tool, name).Contains("string", StringComparison.Ordinal));

    private static bool IsList(ITool tool, string name) =>
        TypeOf(tool, name).Contains("array", StringComparison.Ordinal);

    private static string TypeOf(ITool tool, string name) =>
        tool.ArgumentsSchema.GetProperty("properties").GetProperty(name).GetProperty("type").ToString();

    /// <summary>Everything there is outside the workspace.</summary>
    private string Picture() => string.Join('\n', Directory
        .EnumerateFileSystemEntries(_base, "*", SearchOption.TopDirectoryOnly)
        .Concat(Directory.EnumerateFileSystemEntries(Outside))
        .Order(StringComparer.Ordinal)
        .Select(path => File.Exists(path) ? $"{path} {File.ReadAllText(path)}" : path));
}

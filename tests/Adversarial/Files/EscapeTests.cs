using System.Diagnostics;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Doors.Files;
using Xunit;

namespace Reeve.Tests.Adversarial.Files;

/// <summary>Every way out of a workspace by name, for every act; each first shown to lead out without the
/// guard.</summary>
[Trait("Req", "FS-1")]
public sealed class EscapeTests : IDisposable
{
    private const string Secret = "the crown jewels";

    private readonly string _base = Directory.CreateTempSubdirectory("reeve-escape-").FullName;
    private readonly WorkspaceFiles _files;

    public EscapeTests()
    {
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Join(Outside, "secret.txt"), Secret);
        Directory.CreateDirectory(Path.Join(Root, "folder"));
        File.WriteAllText(Path.Join(Root, "folder", "inside.txt"), "inside");
        File.CreateSymbolicLink(Path.Join(Root, "out"), Outside);
        File.CreateSymbolicLink(Path.Join(Root, "up"), "../outside");
        File.CreateSymbolicLink(Path.Join(Root, "file"), Path.Join(Outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Join(Root, "chain"), "folder/../up");
        File.CreateSymbolicLink(Path.Join(Root, "self"), "/proc/self/root" + Outside);
        File.CreateSymbolicLink(Path.Join(Root, "alias"), "folder/inside.txt");
        File.CreateSymbolicLink(Path.Join(Root, "aliased"), "folder");
        File.CreateSymbolicLink(Path.Join(Root, "loop"), "loop");
        _files = new WorkspaceIssuer(Root, Label.BuiltIn).Issue(canChange: true);
    }

    public static TheoryData<string> WaysOut =>
    [
        "../outside/secret.txt", "folder/../../outside/secret.txt", "{outside}/secret.txt", "out/secret.txt",
        "up/secret.txt", "file", "chain/secret.txt", "self/secret.txt", "./out/./secret.txt",
        "folder/../out/secret.txt",
        "/proc/self/root{outside}/secret.txt",
    ];

    private string Root => Path.Join(_base, "workspace");

    private string Outside => Path.Join(_base, "outside");

    [Theory]
    [MemberData(nameof(WaysOut))]
    public async Task No_act_leads_out(string way)
    {
        var path = way.Replace("{outside}", Outside, StringComparison.Ordinal);
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(Root, path)));

        AssertKeptIn(Refusal(() => _files.OpenRead(path)));
        AssertKeptIn(Refusal(() => _files.Stat(path)));
        AssertKeptIn(Refusal(() => _files.Delete(path)));
        AssertKeptIn(await RefusalAsync(() => _files.WriteAsync(path, "owned"u8.ToArray(), default)));
        AssertKeptIn(Refusal(() => _files.List(Above(path), 10)), isDirectory: true);
        AssertKeptIn(
            await RefusalAsync(() => _files.WriteAsync(Above(path) + "/new.txt", "owned"u8.ToArray(), default)),
            isDirectory: true);

        Assert.Equal(["secret.txt"], Directory.GetFileSystemEntries(Outside).Select(Path.GetFileName));
        Assert.Equal(Secret, File.ReadAllText(Path.Join(Outside, "secret.txt")));
    }

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void The_walk_for_old_kernels_leads_out_no_more(string way)
    {
        var path = way.Replace("{outside}", Outside, StringComparison.Ordinal).TrimStart('/');
        using var root = Beneath.OpenRoot(Root);

        foreach (var followLinks in new[] { true, false })
        {
            var (handle, error) = BeneathWalk.TryOpen(root, path, Native.OpenRead, followLinks, 0);
            Assert.Null(handle);
            Assert.True(error is Native.CrossDevice or Native.Loop or Native.NoEntry, $"{error}");
        }
    }

    [Fact]
    public void The_walk_follows_what_stays_inside_and_no_ring()
    {
        using var root = Beneath.OpenRoot(Root);

        using var followed = BeneathWalk.TryOpen(root, "aliased/../alias", Native.OpenRead, true, 0).Handle;
        var kept = BeneathWalk.TryOpen(root, "aliased/inside.txt", Native.OpenRead, false, 0);
        var ring = BeneathWalk.TryOpen(root, "loop", Native.OpenRead, true, 0);

        Assert.NotNull(followed);
        Assert.Equal((null, Native.Loop), kept);
        Assert.Equal((null, Native.Loop), ring);
    }

    [Fact]
    public async Task Reading_follows_a_link_that_stays_inside_and_changing_never_does()
    {
        using (var read = new StreamReader(_files.OpenRead("alias").Value))
        {
            Assert.Equal("inside", await read.ReadToEndAsync());
        }

        Assert.Equal(6, _files.Stat("aliased/inside.txt").Value.Bytes);
        Assert.Equal("path.link_refused", Refusal(() => _files.Delete("alias")));
        Assert.Equal("path.link_refused", Refusal(() => _files.Delete("aliased/inside.txt")));
        Assert.Equal("path.link_refused", await RefusalAsync(() => _files.WriteAsync("alias", default, default)));
        Assert.Equal(
            "path.link_refused", await RefusalAsync(() => _files.WriteAsync("aliased/inside.txt", default, default)));
        Assert.Equal("inside", File.ReadAllText(Path.Join(Root, "folder", "inside.txt")));
    }

    [Fact]
    public async Task Opens_no_device_pipe_or_socket()
    {
        Run("mkfifo", Path.Join(Root, "pipe"));
        File.CreateSymbolicLink(Path.Join(Root, "alias-of-pipe"), "pipe");
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix,
            System.Net.Sockets.SocketType.Stream,
            System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Join(Root, "socket")));

        foreach (var name in new[] { "pipe", "alias-of-pipe", "socket" })
        {
            Assert.Equal("file.not_regular", Refusal(() => _files.OpenRead(name)));
            Assert.Equal("file.not_regular", Refusal(() => _files.Stat(name)));
        }

        Assert.Equal("file.not_regular", Refusal(() => _files.Delete("pipe")));
        Assert.Equal("file.not_regular", await RefusalAsync(() => _files.WriteAsync("pipe", default, default)));
        Assert.Contains(_files.List(".", 100).Value, entry => entry.Path == "pipe");
    }

    [Theory]
    [InlineData("folder/inside.txt\0.png")]
    [InlineData("folder/\u001b[31m")]
    [InlineData("")]
    public async Task Refuses_what_is_no_name(string path)
    {
        Assert.Equal("path.invalid", Refusal(() => _files.OpenRead(path)));
        Assert.Equal("path.invalid", await RefusalAsync(() => _files.WriteAsync(path, default, default)));
    }

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData(".git/config")]
    [InlineData("sub/.git/config")]
    [InlineData(".GIT/config")]
    [InlineData("./.git//hooks/x")]
    public async Task Changes_nothing_that_git_acts_upon(string path)
    {
        Assert.Equal("path.protected", await RefusalAsync(() => _files.WriteAsync(path, default, default)));
        Assert.Equal("path.protected", Refusal(() => _files.Delete(path)));
        Assert.False(Directory.Exists(Path.Join(Root, ".git")));
    }

    [Fact]
    public void A_rule_on_a_file_holds_for_links_to_it()
    {
        using var files = new WorkspaceIssuer(Root, Label.BuiltIn).Issue(false, new NotInside());

        Assert.Equal("path.denied", Refusal(() => files.OpenRead("folder/inside.txt")));
        Assert.Equal("path.denied", Refusal(() => files.OpenRead("alias")));
        Assert.Equal("path.denied", Refusal(() => files.OpenRead("./folder//inside.txt")));
        Assert.Equal("path.denied", Refusal(() => files.OpenRead("aliased/inside.txt")));
    }

    public void Dispose()
    {
        _files.Dispose();
        Directory.Delete(_base, recursive: true);
    }

    private static void Run(string program, string argument)
    {
        using var process = Process.Start(program, [argument]);
        process.WaitForExit();
    }

    private static string Above(string path) => Path.GetDirectoryName(path) is { Length: > 0 } above ? above : "out";

    private static void AssertKeptIn(string code, bool isDirectory = false) => Assert.True(
        code is "path.outside_workspace" or "path.link_refused" || (isDirectory && code == "file.not_found"), code);

    private static string Refusal(Action act) => Assert.Throws<ProblemException>(act).Problem.Code;

    private static async Task<string> RefusalAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<ProblemException>(act)).Problem.Code;

    private sealed class NotInside : IPathRules
    {
        public bool Allows(string pathInWorkspace, FileAccessKind access) => pathInWorkspace != "folder/inside.txt";
    }
}

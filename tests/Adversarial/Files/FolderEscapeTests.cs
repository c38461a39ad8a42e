using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;
using Xunit;

namespace Reeve.Tests.Adversarial.Files;

/// <summary>Every way out of an added folder by name, into the workspace, into another folder and beyond.</summary>
[Trait("Req", "FS-1")]
public sealed class FolderEscapeTests : IDisposable
{
    private const string Secret = "the crown jewels";

    private readonly string _base = Directory.CreateTempSubdirectory("reeve-folder-").FullName;
    private readonly WorkspaceFiles _workspace;
    private readonly WorkspaceFiles _folder;
    private readonly FolderFiles _files;

    public FolderEscapeTests()
    {
        Directory.CreateDirectory(Outside);
        File.WriteAllText(Path.Join(Outside, "secret.txt"), Secret);
        Directory.CreateDirectory(Path.Join(_base, "workspace", "inner"));
        Directory.CreateDirectory(Path.Join(Folder, "sub"));
        File.WriteAllText(Path.Join(Folder, "sub", "inside.txt"), "inside");
        File.WriteAllText(Path.Join(Folder, ".env"), "hidden");
        File.CreateSymbolicLink(Path.Join(Folder, "out"), Outside);
        File.CreateSymbolicLink(Path.Join(Folder, "up"), "../outside");
        File.CreateSymbolicLink(Path.Join(Folder, "file"), Path.Join(Outside, "secret.txt"));
        File.CreateSymbolicLink(Path.Join(Folder, "self"), "/proc/self/root" + Outside);
        File.CreateSymbolicLink(Path.Join(Folder, "alias"), "sub/inside.txt");
        File.CreateSymbolicLink(Path.Join(Folder, "to-env"), ".env");
        _workspace = new WorkspaceIssuer(Path.Join(_base, "workspace"), Label.BuiltIn).Issue(canChange: true);
        _folder = new WorkspaceIssuer(Folder, Label.LeastTrusted)
            .Issue(canChange: false, new FolderPathRules("@docs", new NoEnvironment()));
        _files = new FolderFiles(
            _workspace, new Dictionary<string, IWorkspaceFiles>(StringComparer.Ordinal) { ["@docs"] = _folder });
    }

    public static TheoryData<string> WaysOut =>
    [
        "../outside/secret.txt", "sub/../../outside/secret.txt", "out/secret.txt", "up/secret.txt", "file",
        "self/secret.txt", "./out/./secret.txt", "../../outside/secret.txt",
    ];

    private string Folder => Path.Join(_base, "docs");

    private string Outside => Path.Join(_base, "outside");

    [Theory]
    [MemberData(nameof(WaysOut))]
    public async Task No_act_leads_out_of_an_added_folder(string way)
    {
        // Without the guard the way does lead out; one of them from the folder's own name on.
        var start = way.StartsWith("../../", StringComparison.Ordinal) ? Path.Join(Folder, "sub") : Folder;
        Assert.Equal(Secret, File.ReadAllText(Path.Combine(start, way)));
        var path = "@docs/" + way;

        foreach (var act in (Action[])[() => _files.OpenRead(path), () => _files.Stat(path),
            () => _files.List(path, 10), () => _files.Delete(path)])
        {
            Assert.Contains(CodeOf(act), (string[])["path.outside_workspace", "path.link_refused", "grant.read_only"]);
        }

        var refused = await Assert.ThrowsAsync<ProblemException>(
            () => _files.WriteAsync(path, "owned"u8.ToArray(), default));
        Assert.Contains(refused.Problem.Code, (string[])["path.outside_workspace", "grant.read_only"]);
        Assert.Equal(Secret, File.ReadAllText(Path.Join(Outside, "secret.txt")));
    }

    [Theory]
    [InlineData("@docs/.env")]
    [InlineData("@docs/to-env")]
    [InlineData("@docs//./.env")]
    public void What_is_hidden_in_a_workspace_is_hidden_there(string path)
    {
        Assert.Equal("hidden", File.ReadAllText(Path.Join(Folder, ".env")));
        Assert.Equal("path.denied", CodeOf(() => _files.OpenRead(path)));
        Assert.Equal("path.denied", CodeOf(() => _files.Stat(path)));
    }

    [Theory]
    [InlineData("@other/secret.txt")]
    [InlineData("@DOCS/sub/inside.txt")]
    [InlineData("inner/@docs/sub/inside.txt")]
    [InlineData("docs/sub/inside.txt")]
    public void A_name_that_was_not_granted_is_nothing(string path) =>
        Assert.Equal("file.not_found", CodeOf(() => _files.OpenRead(path)));

    [Fact]
    public void What_stays_inside_is_read_under_the_folders_name_and_label()
    {
        using var alias = new StreamReader(_files.OpenRead("@docs/alias").Value);
        var listed = _files.List("@docs/sub", 10);

        Assert.Equal("inside", alias.ReadToEnd());
        Assert.Equal(["@docs/sub/inside.txt"], listed.Value.Select(entry => entry.Path));
        Assert.Equal("@docs", _files.Stat("@docs").Value.Path);
        Assert.Equal(Label.LeastTrusted, listed.Label);
    }

    public void Dispose()
    {
        _workspace.Dispose();
        _folder.Dispose();
        Directory.Delete(_base, recursive: true);
    }

    private static string CodeOf(Action act) => Assert.Throws<ProblemException>(act).Problem.Code;

    private sealed class NoEnvironment : IPathRules
    {
        public bool Allows(string pathInWorkspace, FileAccessKind access) => pathInWorkspace != ".env";
    }
}

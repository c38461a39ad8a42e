using Reeve.Doors.Processes;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Processes;

public sealed class ToolchainsTests : IDisposable
{
    private readonly string _base = Directory.CreateTempSubdirectory("reeve-toolchains").FullName;

    private string Home => Path.Join(_base, "home");

    private string Workspace => Path.Join(_base, "project");

    public void Dispose() => Directory.Delete(_base, recursive: true);

    [Fact]
    public void A_project_without_marks_is_lent_nothing()
    {
        Write("home/.pyenv/bin/pyenv");
        Write("project/notes.txt");

        Assert.Empty(Detect());
    }

    [Fact]
    public void Python_is_lent_with_the_version_that_the_project_asks_for()
    {
        Write("home/.pyenv/versions/3.12.1/bin/python3");
        Write("home/.pyenv/version", "3.9.0\n");
        Write("project/.python-version", "3.12.1\n");
        Write("project/pyproject.toml");

        var grant = Assert.Single(Detect());

        Assert.Equal(Path.Join(Home, ".pyenv"), grant.Directory);
        Assert.Equal(Path.Join(Home, ".pyenv/versions/3.12.1/bin"), grant.SearchPaths[0]);
        Assert.Equal("pyproject.toml", grant.Why);
    }

    [Fact]
    public void Credentials_in_a_toolchain_are_masked()
    {
        Write("home/.cargo/bin/cargo");
        Write("home/.cargo/credentials.toml", "token");
        Write("project/Cargo.toml");

        var grant = Assert.Single(Detect());

        Assert.Equal([Path.Join(Home, ".cargo/credentials.toml")], grant.MaskedFiles);
    }

    [Fact]
    public void Packages_are_lent_without_the_settings_beside_them()
    {
        Write("home/.nuget/NuGet/NuGet.Config", "password");
        Write("home/.nuget/packages/a/1.0.0/a.nupkg");
        Write("project/src/App/App.csproj");

        var grant = Assert.Single(Detect());

        Assert.Equal(Path.Join(Home, ".nuget/packages"), grant.Directory);
        Assert.Equal(grant.Directory, grant.Environment["NUGET_PACKAGES"]);
    }

    [Fact]
    public void The_home_folder_and_what_lies_above_it_are_never_lent()
    {
        Write("home/bin/node");
        Write("project/package.json");
        var variables = Variables();
        variables["PATH"] = Path.Join(Home, "bin");
        variables["CARGO_HOME"] = _base;
        variables["RUSTUP_HOME"] = Home;
        Write("project/Cargo.toml");

        Assert.Empty(Toolchains.Detect(Workspace, variables));
    }

    [Fact]
    public void A_program_of_the_system_needs_no_grant_and_an_absent_one_is_named()
    {
        Write("project/package.json");
        var variables = Variables();
        variables["PATH"] = Path.Join(Home, "nowhere");

        Assert.Equal(["node"], Toolchains.Missing(Workspace, variables));
        Assert.Empty(Toolchains.Detect(Workspace, variables));
    }

    private IReadOnlyList<ToolchainGrant> Detect() => Toolchains.Detect(Workspace, Variables());

    private Dictionary<string, string> Variables() =>
        new(StringComparer.Ordinal) { ["HOME"] = Home, ["PATH"] = "/usr/bin" };

    private void Write(string path, string content = "")
    {
        var full = Path.Join(_base, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }
}

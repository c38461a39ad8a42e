namespace Reeve.Doors.Processes;

/// <summary>Finds the folders outside the system's that a repository needs to be built and tested.</summary>
/// <remarks>
/// The marks of a project say which tools it uses, PATH and the usual places say where they are. The home folder
/// itself, or a folder above it, is never lent; files that hold credentials read as empty.
/// </remarks>
public static class Toolchains
{
    /// <summary>Entries of a workspace looked at while searching for marks.</summary>
    public const int EntriesMax = 2_000;

    private static readonly string[] s_systemFolders =
        ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/nix/store"];

    private static readonly (string Tool, string[] Marks)[] s_marks =
    [
        ("python", ["pyproject.toml", "requirements*.txt", "setup.py", "setup.cfg", "Pipfile", "poetry.lock", "uv.lock",
            "tox.ini", "pytest.ini", ".python-version", "*.py"]),
        ("node", ["package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", ".nvmrc",
            "*.js", "*.mjs", "*.ts"]),
        ("rust", ["Cargo.toml", "Cargo.lock", "rust-toolchain*"]),
        ("go", ["go.mod", "go.work"]),
        ("dotnet", ["*.sln", "*.slnx", "*.csproj", "*.fsproj", "global.json", "Directory.Packages.props"]),
        ("c", ["Makefile", "CMakeLists.txt", "meson.build", "*.c", "*.cpp"]),
        ("maven", ["pom.xml", "build.gradle", "build.gradle.kts"]),
    ];

    /// <summary>The grants for a workspace, to be shown before they are used.</summary>
    /// <param name="workspace">The folder of the project.</param>
    /// <param name="environment">The caller's own variables: PATH, HOME and those that name a toolchain's
    /// folder.</param>
    public static IReadOnlyList<ToolchainGrant> Detect(
        string workspace, IReadOnlyDictionary<string, string> environment)
    {
        var search = new ToolchainSearch(environment);

        foreach (var (tool, mark) in Needs(workspace))
        {
            switch (tool)
            {
                case "python":
                    FindPython(search, workspace, mark);
                    break;
                case "node":
                    search.AddInstallation("node", "node", mark);
                    break;
                case "rust":
                    FindRust(search, mark);
                    break;
                case "go":
                    search.AddInstallation("go", "go", mark);
                    search.AddHome(
                        "go modules", "GOMODCACHE", "go/pkg/mod", mark, ("GOPROXY", "off"), ("GOFLAGS", "-mod=mod"));
                    break;
                case "dotnet":
                    FindDotnet(search, mark);
                    break;
                case "c":
                    FindC(search, mark);
                    break;
                default:
                    FindJava(search, mark);
                    break;
            }
        }

        return search.Grants;
    }

    /// <summary>Tools the workspace needs that are neither in the system's folders nor among the grants.</summary>
    public static IReadOnlyList<string> Missing(string workspace, IReadOnlyDictionary<string, string> environment)
    {
        var programs = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["python"] = "python3", ["node"] = "node", ["rust"] = "cargo", ["go"] = "go",
            ["dotnet"] = "dotnet", ["maven"] = "java", ["c"] = "cc",
        };
        var search = new ToolchainSearch(environment);

        return [.. Needs(workspace).Select(need => programs[need.Tool]).Where(program => search.Find(program) is null)];
    }

    internal static bool IsSystem(string path) =>
        s_systemFolders.Any(folder => path == folder || path.StartsWith(folder + '/', StringComparison.Ordinal));

    private static IEnumerable<(string Tool, string Mark)> Needs(string workspace)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 2,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };
        var names = Directory.EnumerateFiles(workspace, "*", options)
            .Take(EntriesMax)
            .Select(path => Path.GetFileName(path))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        foreach (var (tool, marks) in s_marks)
        {
            var mark = marks.FirstOrDefault(each => names.Exists(name =>
                System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(each, name, ignoreCase: false)));

            if (mark is not null)
            {
                yield return (tool, mark);
            }
        }
    }

    private static void FindPython(ToolchainSearch search, string workspace, string mark)
    {
        if (search.Folder("PYENV_ROOT", ".pyenv") is { } pyenv)
        {
            var asked = ProcessFiles.ReadText(Path.Join(workspace, ".python-version"))
                ?? ProcessFiles.ReadText(Path.Join(pyenv, "version"));
            var version = Path.GetFileName(asked?.Split('\n', StringSplitOptions.TrimEntries)[0]);
            var installed = Path.Join(pyenv, "versions", version ?? "none", "bin");
            string[] paths = [installed, Path.Join(pyenv, "shims"), Path.Join(pyenv, "bin")];
            search.Add("python", pyenv, mark, [.. paths.Where(Directory.Exists)], ("PYENV_ROOT", pyenv));
        }
        else
        {
            search.AddInstallation("python", "python3", mark);
        }

        foreach (var library in search.HomeFolders(".local/lib", "python3*"))
        {
            search.Add("python packages", library, mark, [], ("PYTHONUSERBASE", search.InHome(".local")));
        }

        if (search.Folder("VIRTUAL_ENV", inHome: null) is { } environment)
        {
            search.Add(
                "python environment", environment, mark, [Path.Join(environment, "bin")], ("VIRTUAL_ENV", environment));
        }
    }

    private static void FindRust(ToolchainSearch search, string mark)
    {
        if (search.Folder("CARGO_HOME", ".cargo") is { } cargo)
        {
            search.Add(
                "cargo", cargo, mark, [Path.Join(cargo, "bin")], ("CARGO_HOME", cargo), ("CARGO_NET_OFFLINE", "true"));
        }

        search.AddHome("rust", "RUSTUP_HOME", ".rustup", mark);
        search.AddInstallation("cargo", "cargo", mark);
    }

    private static void FindDotnet(ToolchainSearch search, string mark)
    {
        search.AddInstallation("dotnet", "dotnet", mark);
        search.AddHome(
            "nuget packages", "NUGET_PACKAGES", ".nuget/packages", mark,
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), ("DOTNET_NOLOGO", "1"), ("MSBUILDDISABLENODEREUSE", "1"),
            ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"), ("DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE", "1"),
            ("NuGetAudit", "false"), ("DOTNET_SKIP_FIRST_TIME_EXPERIENCE", "1"),
            ("DOTNET_GENERATE_ASPNET_CERTIFICATE", "false"), ("NUGET_CERT_REVOCATION_MODE", "offline"));
    }

    private static void FindC(ToolchainSearch search, string mark)
    {
        if (search.Folder(variable: null, ".local/include") is { } headers)
        {
            search.Add("c headers", headers, mark, [], ("CPATH", headers));
        }

        if (search.Folder(variable: null, ".local/lib") is { } libraries)
        {
            search.Add(
                "c libraries", libraries, mark, [], ("LIBRARY_PATH", libraries), ("LD_LIBRARY_PATH", libraries),
                ("PKG_CONFIG_PATH", Path.Join(libraries, "pkgconfig")));
        }
    }

    private static void FindJava(ToolchainSearch search, string mark)
    {
        search.AddInstallation("java", "java", mark);
        search.AddInstallation("maven", "mvn", mark);

        if (search.Folder(variable: null, ".m2/repository") is { } repository)
        {
            search.Add("maven repository", repository, mark, [], ("MAVEN_OPTS", $"-Dmaven.repo.local={repository}"));
        }
    }
}

namespace Reeve.Doors.Processes;

/// <summary>Collects toolchain folders, each once, with what in them must not be read.</summary>
internal sealed class ToolchainSearch(IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Entries of one toolchain looked at while searching for credentials.</summary>
    public const int EntriesMax = 20_000;

    private static readonly string[] s_credentialFiles =
    [
        ".npmrc", ".yarnrc.yml", "nuget.config", "credentials", "credentials.toml", "settings.xml",
        "settings-security.xml", ".pypirc", ".netrc", "_netrc", ".git-credentials", "pip.conf", "auth.toml",
        "auth.json",
        "gradle.properties", ".env",
    ];

    private readonly List<ToolchainGrant> _grants = [];

    public IReadOnlyList<ToolchainGrant> Grants => _grants;

    private string? Home => environment.TryGetValue("HOME", out var home) && Path.IsPathFullyQualified(home)
        ? Path.TrimEndingDirectorySeparator(home)
        : null;

    public string InHome(string path) => Path.Join(Home, path);

    /// <summary>The folder that a variable names, or the usual one in the home folder; null when it is
    /// absent.</summary>
    public string? Folder(string? variable, string? inHome)
    {
        var named = variable is not null && environment.TryGetValue(variable, out var value) ? value : null;
        var path = named ?? (Home is not null && inHome is not null ? InHome(inHome) : null);

        return path is not null && Path.IsPathFullyQualified(path) && Directory.Exists(path) && IsLendable(path)
            ? Path.TrimEndingDirectorySeparator(path)
            : null;
    }

    public IEnumerable<string> HomeFolders(string below, string pattern) =>
        Home is not null && Directory.Exists(InHome(below))
            ? Directory.EnumerateDirectories(InHome(below), pattern).Order(StringComparer.Ordinal)
            : [];

    /// <summary>The first program of this name on PATH.</summary>
    public string? Find(string program) => environment.GetValueOrDefault("PATH", string.Empty).Split(':')
        .Where(Path.IsPathFullyQualified)
        .Select(folder => Path.Join(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Lends the installation that a program on PATH belongs to, unless it is the system's.</summary>
    public void AddInstallation(string name, string program, string mark)
    {
        if (Find(program) is not { } found)
        {
            return;
        }

        var real = File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? found;
        var folder = Path.GetDirectoryName(real)!;
        var root = Path.GetFileName(folder) == "bin" ? Path.GetDirectoryName(folder)! : folder;

        if (!Toolchains.IsSystem(real) && IsLendable(root))
        {
            Add(name, root, mark, [folder]);
        }
    }

    public void AddHome(
        string name, string variable, string path, string mark, params (string Name, string Value)[] variables)
    {
        if (Folder(variable, path) is { } folder)
        {
            Add(name, folder, mark, [], [(variable, folder), .. variables]);
        }
    }

    public void Add(
        string name, string directory, string mark, IReadOnlyList<string> searchPaths,
        params (string Name, string Value)[] variables)
    {
        var isKnown = _grants.Exists(each => directory == each.Directory
            || directory.StartsWith(each.Directory + '/', StringComparison.Ordinal));

        if (isKnown || !IsLendable(directory) || _grants.Count == SandboxProfile.ToolchainsMax)
        {
            return;
        }

        _grants.Add(new ToolchainGrant(name, directory, mark)
        {
            SearchPaths = searchPaths,
            MaskedFiles = Credentials(directory),
            Environment = variables.ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal),
        });
    }

    // The home folder and what lies above it hold everything else a person has.
    private bool IsLendable(string directory)
    {
        var path = Path.TrimEndingDirectorySeparator(directory);

        return path.Length > 1
            && !Toolchains.IsSystem(path)
            && path is not ("/home" or "/root" or "/tmp" or "/var" or "/opt" or "/proc" or "/dev" or "/sys" or "/run")
            && (Home is null || (path != Home && !Home.StartsWith(path + '/', StringComparison.Ordinal)));
    }

    // Only the upper levels: deeper ones are packages, whose own settings are no secrets.
    private static List<string> Credentials(string directory)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = 2,
            IgnoreInaccessible = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
        };

        return [.. Directory.EnumerateFiles(directory, "*", options)
            .Take(EntriesMax)
            .Where(path => s_credentialFiles.Contains(Path.GetFileName(path), StringComparer.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal)];
    }
}

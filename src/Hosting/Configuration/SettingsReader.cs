using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Doors.Files;
using Reeve.Hosting.Permissions;

namespace Reeve.Hosting.Configuration;

/// <summary>Gathers the sources of this machine and user, and makes settings of them.</summary>
/// <remarks>
/// Built-in defaults, then /etc/reeve/config.yaml, then the user's file (or the one REEVE_CONFIG names, in its
/// place), then the environment, then flags. The workspace is never looked at.
/// </remarks>
public static class SettingsReader
{
    private const string SystemPath = "/etc/reeve/config.yaml", SystemName = "system file";
    private const string PolicyKey = "permissions.policyFile";

    public static Settings Read(IReadOnlyList<FlagValue> flags) =>
        Read(EnvironmentVariables.Read(), SystemPath, flags);

    public static Settings Read(
        IReadOnlyDictionary<string, string> environment, string systemPath, IReadOnlyList<FlagValue> flags)
    {
        var files = new List<ConfigurationText>();

        if (ConfigurationFiles.Read(systemPath, SystemName) is { } system)
        {
            files.Add(new ConfigurationText(SystemName, system));
        }

        if (OfUser(environment) is { } user)
        {
            files.Add(user);
        }

        var settings = SettingsLoader.Load(new SettingsSources(files, environment, flags));

        return settings with { Administrator = AdministratorOf(settings, systemPath) };
    }

    /// <summary>Whoever could name another file in its place could leave the administrator's rules behind.</summary>
    private static PolicyText AdministratorOf(Settings settings, string systemPath)
    {
        var named = settings.Lines.First(line => line.Key == PolicyKey);
        Problem.ThrowUnless(
            named.Value.Length == 0 || named.Origin.StartsWith(SystemName + ",", StringComparison.Ordinal),
            "config.invalid_value", $"Only the system file sets {PolicyKey} ({named.Origin}).");
        var path = named.Value.Length > 0 ? named.Value : Path.Join(Path.GetDirectoryName(systemPath), "policy.yaml");

        return OwnedFile.Read(path, PolicyText.BytesMax) is { } bytes
            ? PolicyText.Parse(bytes, RuleTier.Administrator, "administrator's policy") : PolicyText.None;
    }

    /// <summary>Where the user's own file is, or would be; null where the environment names no place.</summary>
    public static string? PathOfUser(IReadOnlyDictionary<string, string> environment) =>
        environment.GetValueOrDefault("REEVE_CONFIG") is { Length: > 0 } named ? named
        : Folder(environment, "XDG_CONFIG_HOME", ".config") is { } folder ? $"{folder}/reeve/config.yaml" : null;

    private static ConfigurationText? OfUser(IReadOnlyDictionary<string, string> environment)
    {
        if (environment.GetValueOrDefault("REEVE_CONFIG") is { Length: > 0 } named)
        {
            var text = ConfigurationFiles.Read(named, "file of REEVE_CONFIG");
            Problem.ThrowUnless(
                text is not null, "config.not_found", "The file that REEVE_CONFIG names does not exist.");
            return new ConfigurationText("file of REEVE_CONFIG", text);
        }

        var folder = Folder(environment, "XDG_CONFIG_HOME", ".config");

        return folder is not null && ConfigurationFiles.Read($"{folder}/reeve/config.yaml", "user file") is { } own
            ? new ConfigurationText("user file", own)
            : null;
    }

    // A relative path in these variables is to be ignored, as the XDG base directory specification says.
    internal static string? Folder(IReadOnlyDictionary<string, string> environment, string variable, string below)
    {
        if (environment.GetValueOrDefault(variable) is ['/', ..] named)
        {
            return named.TrimEnd('/');
        }

        return environment.GetValueOrDefault("HOME") is ['/', ..] home ? $"{home.TrimEnd('/')}/{below}" : null;
    }
}

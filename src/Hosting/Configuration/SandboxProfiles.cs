using Reeve.Doors.Processes;
using Reeve.Doors.Views;

namespace Reeve.Hosting.Configuration;

/// <summary>What settings mean to the doors: the profile that holds commands, and the kind of view.</summary>
public static class SandboxProfiles
{
    /// <param name="workspace">Its files say which toolchains are lent where the settings say <c>auto</c>.</param>
    /// <param name="environment">The operator's own variables, which say where toolchains are.</param>
    public static SandboxProfile Of(
        SandboxSettings settings, string workspace, IReadOnlyDictionary<string, string> environment) =>
        SandboxProfile.Default with
        {
            Limits = SandboxLimits.Default with
            {
                WallTime = TimeSpan.FromSeconds(settings.WallSeconds),
                CpuTime = TimeSpan.FromSeconds(settings.CpuSeconds),
                MemoryBytes = (long)settings.MemoryMegabytes << 20,
                Processes = settings.Processes,
                FileBytes = (long)settings.FileMegabytes << 20,
                DiskBytes = (long)settings.DiskMegabytes << 20,
                OutputBytes = (long)settings.OutputKilobytes << 10,
            },
            Toolchains = [.. settings.Toolchains.SelectMany(entry => Lent(entry, workspace, environment))],
        };

    public static ViewPreference ViewOf(string kind) => kind switch
    {
        "overlay" => ViewPreference.Overlay,
        "copy" => ViewPreference.Copy,
        "reflink" => ViewPreference.Reflink,
        _ => ViewPreference.Automatic,
    };

    private static IEnumerable<ToolchainGrant> Lent(
        string entry, string workspace, IReadOnlyDictionary<string, string> environment) =>
        entry == "auto"
            ? Toolchains.Detect(workspace, environment)
            : [new ToolchainGrant(entry.Split('/')[^1], entry, "configured") { SearchPaths = [entry, $"{entry}/bin"] }];
}

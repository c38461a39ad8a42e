using System.Diagnostics;
using System.Globalization;

namespace Reeve.Tests.Scenarios.Storage;

/// <summary>A disk of a few megabytes, mounted below a directory. Mounting needs root; without it the test
/// fails.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _mountPoint;

    private SmallDisk(string mountPoint) => _mountPoint = mountPoint;

    public string Data => Path.Combine(_mountPoint, "data");

    public static async Task<SmallDisk> MountAsync(string below, int megabytes)
    {
        var disk = new SmallDisk(Directory.CreateDirectory(Path.Combine(below, "disk")).FullName);
        var size = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
        await RunAsync("mount", "-t", "tmpfs", "-o", size, "tmpfs", disk._mountPoint);

        return disk;
    }

    public Task RemountAsync(string mode) => RunAsync("mount", "-o", $"remount,{mode}", _mountPoint);

    public async ValueTask DisposeAsync() => await RunAsync("umount", "-l", _mountPoint);

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {string.Join(' ', arguments)}");
        }
    }
}

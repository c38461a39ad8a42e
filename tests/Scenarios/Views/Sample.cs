using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Reeve.Authority.Labels;
using Reeve.Doors.Files;
using Reeve.Doors.Views;

namespace Reeve.Tests.Scenarios.Views;

/// <summary>A user's tree below a folder that only its owner may enter, and a place for runs.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Sample : IDisposable
{
    /// <summary>From a range that no account of a system uses.</summary>
    public const uint RunUser = 64_100;

    private static readonly EnumerationOptions s_everything = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
    };

    private readonly string _home = Directory.CreateTempSubdirectory("reeve-view-").FullName;

    public Sample()
    {
        File.SetUnixFileMode(_home, (UnixFileMode)0b111_001_001);
        var folder = Path.Join(_home, "private");
        Directory.CreateDirectory(folder, (UnixFileMode)0b111_000_000);
        Workspace = Path.Join(folder, "project");
        Directory.CreateDirectory(Path.Join(Workspace, "src", "deep"));
        Directory.CreateDirectory(Path.Join(Workspace, "empty"));
        Write("readme.md", "# project\n");
        Write("src/app.py", "one\ntwo\nthree\n");
        Write("src/deep/note.txt", "deep\n");
        Write("src/old.txt", "old\n");
        Write(".gitignore", "*.log\nbuild/\n!keep.log\n");
        File.SetUnixFileMode(At("src/app.py"), (UnixFileMode)0b110_000_000);
        Write("run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(At("run.sh"), (UnixFileMode)0b111_101_101);
        File.CreateSymbolicLink(At("link"), "src/app.py");
    }

    public string Workspace { get; }

    public string RunDirectory => Path.Join(_home, "runs", "1", "view");

    /// <summary>Below a directory that the user of the run may not even pass through.</summary>
    public string HiddenRunDirectory => Path.Join(_home, "private", "runs", "1", "view");

    public static uint? RunUserHere => Environment.IsPrivilegedProcess ? RunUser : null;

    public string At(string path) => Path.Join(Workspace, path);

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
        File.WriteAllText(At(path), text);
    }

    public Task<WorkspaceView> OpenAsync(ViewPreference preference = ViewPreference.Automatic) =>
        new WorkspaceViews(TimeProvider.System).OpenAsync(
            RunDirectory, Workspace, RunUserHere, preference, Xunit.TestContext.Current.CancellationToken);

    public static WorkspaceFiles FilesOf(WorkspaceView view) => view.IssuerFor(Label.BuiltIn).Issue(canChange: true);

    /// <summary>The view's tree as this process reaches it, wherever it is mounted.</summary>
    public static string TreeOf(WorkspaceView view) => $"/proc/self/fd/{view.Root.DangerousGetHandle()}";

    /// <summary>Every path with kind, mode, owner, time and content.</summary>
    public string Fingerprint() => FingerprintOf(Workspace, withTimes: true);

    public static string FingerprintOf(string root, bool withTimes)
    {
        var text = new StringBuilder();
        foreach (var entry in new DirectoryInfo(root).EnumerateFileSystemInfos("*", s_everything)
            .OrderBy(entry => entry.FullName, StringComparer.Ordinal))
        {
            text.Append(entry.FullName, root.Length, entry.FullName.Length - root.Length)
                .Append(' ').Append(entry.LinkTarget is null ? entry.UnixFileMode : UnixFileMode.None)
                .Append(' ').Append(entry.LinkTarget)
                .Append(' ').Append(withTimes && entry is FileInfo ? entry.LastWriteTimeUtc.Ticks : 0)
                .Append(' ').Append(entry is FileInfo { LinkTarget: null } file ? HashOf(file) : string.Empty)
                .Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Runs a shell as the sandbox would: in the tree, as the user of the run.</summary>
    public static void Shell(WorkspaceView view, string script)
    {
        var mount = view.Mount;
        List<string> arguments = [.. mount.LaunchPrefix];
        if (mount.Uid is { } user)
        {
            arguments.AddRange(["setpriv", $"--reuid={user}", $"--regid={user}", "--clear-groups"]);
        }

        arguments.AddRange(["sh", "-ec", "cd \"$0\"; " + script, mount.BindSource]);
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1))
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Xunit.Assert.True(process.ExitCode == 0, errors);
    }

    public void Dispose()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            using var opener = Process.Start("chmod", ["-R", "u+rwx", _home]);
            opener.WaitForExit();
        }

        Directory.Delete(_home, recursive: true);
    }

    private static string HashOf(FileInfo file)
    {
        using var content = file.OpenRead();

        return Convert.ToHexString(SHA256.HashData(content));
    }
}

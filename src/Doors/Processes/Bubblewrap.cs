using System.Diagnostics;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Runs commands in a fresh bubblewrap sandbox each, over one tree.</summary>
/// <remarks>
/// One thread per sandbox spawns, watches and reaps it, and nothing of a command is left when its run is over:
/// the init of its pid namespace has been killed and was waited for, and with it everything it had started.
/// </remarks>
public sealed class Bubblewrap(SandboxProfile profile, SandboxRoot root, TimeProvider time)
{
    public const int ArgumentsMax = 8_192, ArgumentBytesMax = 128 << 10, ArgumentBytesTotalMax = 1 << 20;
    public const int InputBytesMax = 64 << 20, VariablesMax = 1_024;

    private volatile bool _isHelped = true;

    public SandboxProfile Profile => profile;

    /// <summary>False where this machine does not let a program beside bubblewrap make the last mounts: then
    /// bubblewrap makes all of them, the same ones and more slowly.</summary>
    internal bool IsHelped
    {
        get => _isHelped;
        init => _isHelped = value;
    }

    public Task<SandboxRun> RunAsync(
        Command command, Action<OutputChunk>? onOutput, CancellationToken cancellationToken) =>
        RunAsync(command, programs: [], onOutput, cancellationToken);

    /// <summary>As above, with executables of our own at paths inside.</summary>
    internal async Task<SandboxRun> RunAsync(
        Command command, IReadOnlyList<(string Path, byte[] Content)> programs, Action<OutputChunk>? onOutput,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ThrowUnlessValid(command);
        _ = profile.Limits.Checked();
        ThrowUnlessUnprivileged();
        Problem.ThrowUnless(
            File.Exists(profile.BubblewrapPath), "sandbox.setup_failed",
            SetupFailure.MissingProgram.ToProblem("sandbox.setup_failed").Message);

        var run = _isHelped ? await LaunchAsync(command, programs, onOutput, cancellationToken) : null;

        if (run is null)
        {
            _isHelped = false;
            run = await LaunchAsync(command, programs, onOutput, cancellationToken);
        }

        return run ?? throw new UnreachableException();
    }

    private async Task<SandboxRun?> LaunchAsync(
        Command command, IReadOnlyList<(string Path, byte[] Content)> programs, Action<OutputChunk>? onOutput,
        CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource<SandboxRun?>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var launch = new SandboxLaunch(profile, root, command, programs, onOutput, _isHelped, time);
        await using var stop = cancellationToken.Register(launch.Cancel);

        // A thread of the pool would take the sandbox with it when it retires: bubblewrap dies with its thread.
        var thread = new Thread(() => Complete(ended, launch)) { IsBackground = true, Name = "sandbox" };
        thread.Start();
        launch.Prepare($"sandbox-{Environment.ProcessId}-{thread.ManagedThreadId}");

        return await ended.Task;
    }

    private static void Complete(TaskCompletionSource<SandboxRun?> ended, SandboxLaunch launch)
    {
        try
        {
            ended.SetResult(launch.Run());
        }
        catch (Exception failure)
        {
            // Not swallowed: it is handed to whoever awaits the run.
            ended.SetException(failure);
        }
    }

    private void ThrowUnlessUnprivileged() => Problem.ThrowUnless(
        root.User != 0 || root.LaunchPrefix.Count > 0,
        "sandbox.unavailable",
        "Commands do not run as root: give the workspace view a user of its own.");

    private static void ThrowUnlessValid(Command command)
    {
        var arguments = command.Arguments;
        var isPlain = arguments.Count is > 0 and <= ArgumentsMax
            && arguments[0].Length > 0
            && arguments.All(each => each.Length <= ArgumentBytesMax && !each.Contains('\0', StringComparison.Ordinal))
            && arguments.Sum(each => (long)each.Length) <= ArgumentBytesTotalMax;
        Problem.ThrowUnless(
            isPlain, "command.invalid",
            "A command is a program and at most 8191 arguments of together 1 MiB at most, none with a NUL.");

        var directory = command.Directory;
        var isInside = !directory.StartsWith('/') && !directory.Contains('\0', StringComparison.Ordinal)
            && !directory.Split('/').Contains("..", StringComparer.Ordinal);
        Problem.ThrowUnless(
            isInside, "command.invalid", "The working directory is a path inside the workspace, without '..'.");

        var areNamed = command.Environment.Count <= VariablesMax && command.Environment.All(pair =>
            IsName(pair.Key) && !pair.Value.Contains('\0', StringComparison.Ordinal)
            && pair.Value.Length <= ArgumentBytesMax);
        Problem.ThrowUnless(
            areNamed, "command.invalid", "A variable is named with letters, digits and '_', and its value has no NUL.");
        Problem.ThrowUnless(
            command.Input.Length <= InputBytesMax, "command.invalid", "The input of a command has at most 64 MiB.");
        Problem.ThrowUnless(
            command.TimeLimit is null || command.TimeLimit > TimeSpan.Zero, "command.invalid",
            "A time limit is positive.");
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 256 && !char.IsAsciiDigit(name[0])
        && name.All(each => char.IsAsciiLetterOrDigit(each) || each == '_');
}

using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Processes;

/// <summary>One sandbox from spawn to reap. All but <see cref="Cancel"/> happens on its own thread.</summary>
/// <remarks>
/// 1. spawn, blocked · 2. pid of the init, within a deadline · 3. handle on it · 4. control group · 5. limits ·
/// 6. release · 7. watch until it ends or is ended · 8. kill what is left and wait until it is gone.
/// </remarks>
internal sealed class SandboxLaunch : IDisposable
{
    public static readonly TimeSpan SetupMax = TimeSpan.FromSeconds(10);

    private readonly SandboxProfile _profile;
    private readonly SandboxRoot _root;
    private readonly Command _command;
    private readonly IReadOnlyList<(string Path, byte[] Content)> _programs;
    private readonly TimeProvider _time;
    private readonly SandboxOutput _output;
    private readonly SafeFileHandle _cancelReader;
    private readonly SafeFileHandle _cancelWriter;
    private readonly byte[] _filter;
    private ThreadIdentity? _identity;

    public SandboxLaunch(
        SandboxProfile profile, SandboxRoot root, Command command,
        IReadOnlyList<(string Path, byte[] Content)> programs, Action<OutputChunk>? onOutput, TimeProvider time)
    {
        _profile = profile;
        _root = root;
        _command = command;
        _programs = programs;
        _time = time;
        _filter = Seccomp.Build(profile.Network);
        _output = new SandboxOutput(profile.Limits, onOutput);
        (_cancelReader, _cancelWriter) = Native.NewPipe();
    }

    /// <summary>Ends the sandbox soon; it can be called from any thread, also before the start.</summary>
    public void Cancel() => Native.WriteOne(_cancelWriter);

    public SandboxRun Run()
    {
        var (information, informationWriter) = Native.NewPipe();
        var (blockReader, block) = Native.NewPipe();
        var (status, statusWriter) = Native.NewPipe();
        using var _1 = information;
        using var _2 = block;
        using var _3 = status;
        int monitor;

        using (informationWriter)
        using (blockReader)
        using (statusWriter)
        {
            monitor = Spawn(informationWriter, blockReader, statusWriter);
        }

        using var monitorHandle = Native.OpenProcess(monitor);
        using var watched = new WatchedSandbox(monitor, monitorHandle!, _output, _cancelReader, _time);

        if (watched.ReadChild(information, SetupMax) is not { } init)
        {
            watched.Abandon();
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        return RunReleased(watched, init, block, status);
    }

    public void Dispose()
    {
        _output.Dispose();
        _cancelReader.Dispose();
        _cancelWriter.Dispose();
    }

    private SandboxRun RunReleased(WatchedSandbox watched, int init, SafeFileHandle block, SafeFileHandle status)
    {
        var limits = _profile.Limits;
        using var initHandle = Native.OpenProcess(init);

        if (initHandle is null)
        {
            watched.Abandon();
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        watched.Init = initHandle;
        using var group = ControlGroup.TryCreate($"sandbox-{init}", limits);

        try
        {
            group?.Add(init);
            SetLimits(init, group is not null);
        }
        catch (IOException)
        {
            // The child ended before it was released: bubblewrap says why.
            watched.Abandon();
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        var disk = _root.CanChange
            ? new DiskWatch(
                _root.GrowthDirectory ?? _root.BindSource, limits, _time,
                () => ProcessFiles.Tree(init, limits.Processes))
            : null;
        var watch = new TreeWatch(init, limits, group, disk, _time);
        var wallTime = _command.TimeLimit is { } asked && asked < limits.WallTime ? asked : limits.WallTime;
        var start = _time.GetTimestamp();
        block.Dispose();
        var ended = watched.WatchToEnd(watch, wallTime);
        var exitCodeOfCommand = SandboxStatus.ExitCode(_output.ReadAll(status));
        var limit = ended != CommandLimit.None ? ended : group?.Exceeded() ?? CommandLimit.None;

        if (limit == CommandLimit.None && exitCodeOfCommand is null)
        {
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        var peak = group?.MemoryBytesPeak ?? watch.MemoryBytesPeak;
        var result = SandboxStatus.ToResult(
            exitCodeOfCommand, limit, _output, _time.GetElapsedTime(start), peak, _profile.Tier, _root.CanChange);

        return new SandboxRun(
            result, Seccomp.Digest(_filter), _profile.Digest, limits, group?.Kind ?? TreeAccounting.Watchdog);
    }

    private int Spawn(SafeFileHandle information, SafeFileHandle block, SafeFileHandle status)
    {
        _identity = new ThreadIdentity(_root);
        var isPrefixed = _root.LaunchPrefix.Count > 0;
        List<string> directories = [_root.BindSource, .. _profile.Toolchains.Select(each => each.Directory)];
        var sources = isPrefixed ? directories : _identity.MakeReachable(directories);

        var programs = new List<(string Inside, string Source)>();
        var firstProgram = BubblewrapArguments.FirstDataDescriptor + BubblewrapArguments.DataFiles.Count;
        programs.AddRange(_programs.Select((each, index) => (each.Path, $"{firstProgram + index}")));
        var arguments = BubblewrapArguments.For(
            _profile, new(sources[0], _root.CanChange, _root.Masks()), [.. sources.Skip(1)], _command, programs);

        using var input = _command.Input.IsEmpty
            ? File.OpenHandle("/dev/null")
            : Native.SealedFile(_command.Input.Span);
        using var argumentFile = Native.SealedFile(BytesOf(string.Join('\0', arguments) + '\0'));
        using var filter = Native.SealedFile(_filter);
        List<SafeFileHandle> data =
        [
            .. BubblewrapArguments.DataFiles.Select(file => Native.SealedFile(Encoding.UTF8.GetBytes(file.Content))),
            .. _programs.Select(program => Native.SealedFile(program.Content)),
        ];

        try
        {
            List<SafeFileHandle> descriptors =
                [input, _output.Writer, _output.ErrorWriter, argumentFile, filter, information, block, status, .. data];
            List<string> line =
            [
                .. _root.LaunchPrefix, .. isPrefixed ? DropAfterPrefix() : [], _profile.BubblewrapPath,
                "--args", $"{BubblewrapArguments.ArgumentsDescriptor}", "--", .. _command.Arguments,
            ];
            Native.AdoptOrphans();
            var child = ChildProgram.Start(line, descriptors, isPrefixed ? action => action() : _identity.Run);
            _output.CloseWriters();
            Problem.ThrowUnless(
                child > 0, "sandbox.setup_failed", SetupFailure.Unknown.ToProblem("sandbox.setup_failed").Message);

            return child;
        }
        finally
        {
            data.ForEach(each => each.Dispose());
        }
    }

    // The name of a folder may be bytes that are no text; of all else such bytes are replaced.
    private static byte[] BytesOf(string text) => NameCodec.TryEncode(text) ?? Encoding.UTF8.GetBytes(text);

    // Entering another namespace takes root, so root is given up by a program behind the one that enters.
    private string[] DropAfterPrefix() => Native.EffectiveUser() == 0 && _root.User != 0
        ?
        [
            "/usr/bin/setpriv", "--reuid", $"{_root.User}", "--regid", $"{_root.Group}", "--clear-groups",
            "--inh-caps=-all", "--",
        ]
        : [];

    // As the owner of the process it needs no privilege, and a container's root may lack the one it takes.
    private void SetLimits(int process, bool isGroupCounting) => _identity!.Run(() =>
    {
        ResourceLimits.Set(process, _profile.Limits, isGroupCounting);
        return 0;
    });

    private Problem FailureOf(string message)
    {
        if (message.Contains("bwrap: execvp", StringComparison.Ordinal))
        {
            return message.Contains("No such file", StringComparison.Ordinal)
                ? new Problem(
                    "command.not_found",
                    "There is no such program in the sandbox; name another, or lend it a toolchain.")
                : new Problem("command.invalid", "The program exists in the sandbox but cannot be executed.");
        }

        return message.Contains("Can't chdir to", StringComparison.Ordinal)
            ? new Problem("command.invalid", "The working directory does not exist in the workspace.")
            : SetupFailure.Read(message).ToProblem("sandbox.setup_failed");
    }
}

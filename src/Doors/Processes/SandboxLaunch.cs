using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Processes;

/// <summary>One sandbox from spawn to reap. All but <see cref="Cancel"/> happens on its own thread.</summary>
/// <remarks>
/// 1. spawn, blocked · 2. pid of the init, within a deadline · 3. handle on it · 4. a program that makes the last
/// mounts · 5. control group · 6. limits · 7. release, when all is mounted · 8. watch until it ends or is ended ·
/// 9. kill what is left and wait until it is gone.
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
    private readonly bool _mayBeHelped;
    private readonly ManualResetEventSlim _isPrepared = new();
    private SystemFiles? _files;
    private ControlGroup? _group;
    private ThreadIdentity? _identity;

    public SandboxLaunch(
        SandboxProfile profile, SandboxRoot root, Command command,
        IReadOnlyList<(string Path, byte[] Content)> programs, Action<OutputChunk>? onOutput, bool mayBeHelped,
        TimeProvider time)
    {
        _profile = profile;
        _root = root;
        _command = command;
        _programs = programs;
        _time = time;
        _mayBeHelped = mayBeHelped;
        _output = new SandboxOutput(profile.Limits, onOutput);
        (_cancelReader, _cancelWriter) = Native.NewPipe();
    }

    /// <summary>Ends the sandbox soon; it can be called from any thread, also before the start.</summary>
    public void Cancel() => Native.WriteOne(_cancelWriter);

    private SystemFiles Files => _files ?? throw new InvalidOperationException("The launch was not prepared.");

    private bool IsHelped => _mayBeHelped && BubblewrapArguments.CanHelp(_profile, Files);

    /// <summary>What needs no thread of its own, so that it is done while that one starts.</summary>
    public void Prepare(string groupName)
    {
        try
        {
            _files = SystemFiles.Open();
            _group = ControlGroup.TryCreate(groupName, _profile.Limits);
        }
        finally
        {
            _isPrepared.Set();
        }
    }

    /// <summary>The run; null when this machine does not let a program beside bubblewrap make mounts. Then
    /// nothing of the command has run.</summary>
    public SandboxRun? Run()
    {
        var (information, informationWriter) = Native.NewPipe();
        var (blockReader, block) = Native.NewPipe();
        var (status, statusWriter) = Native.NewPipe();
        var (holdReader, hold) = Native.NewFullPipe();
        using var _1 = information;
        using var _2 = block;
        using var _3 = status;
        using var _4 = hold;
        int monitor;
        bool isInside;

        using (informationWriter)
        using (blockReader)
        using (statusWriter)
        using (holdReader)
        {
            (monitor, isInside) = Spawn([informationWriter, blockReader, statusWriter, holdReader]);
        }

        using var monitorHandle = Native.OpenProcess(monitor);
        using var watched = new WatchedSandbox(monitor, monitorHandle!, _output, _cancelReader, _time);

        if (watched.ReadChild(information, SetupMax) is not { } init)
        {
            watched.Abandon();
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        using var initHandle = Native.OpenProcess(init);

        if (initHandle is null)
        {
            watched.Abandon();
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        watched.Init = initHandle;
        using var helper = IsHelped
            ? MountHelper.Start(BubblewrapArguments.Late(_profile, Files), initHandle, hold, AsLauncher, _time)
            : null;
        hold.Dispose();
        BindToLimits(watched, init, isInside);
        return RunReleased(watched, init, helper, block, status);
    }

    public void Dispose()
    {
        _group?.Dispose();
        _files?.Dispose();
        _isPrepared.Dispose();
        _output.Dispose();
        _cancelReader.Dispose();
        _cancelWriter.Dispose();
    }

    private void BindToLimits(WatchedSandbox watched, int init, bool isInside)
    {
        try
        {
            if (!isInside)
            {
                _group?.Add(init);
            }

            SetLimits(init, _group is not null);
        }
        catch (IOException)
        {
            // The child ended before it was released: bubblewrap says why.
            watched.Abandon();
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }
    }

    private SandboxRun? RunReleased(
        WatchedSandbox watched, int init, MountHelper? helper, SafeFileHandle block, SafeFileHandle status)
    {
        var limits = _profile.Limits;
        var disk = _root.CanChange
            ? new DiskWatch(
                _root.GrowthDirectory ?? _root.BindSource, limits, _time,
                () => ProcessFiles.Tree(init, limits.Processes))
            : null;
        var watch = new TreeWatch(init, limits, _group, disk, _time);
        if (helper?.Finish(SetupMax) == false)
        {
            watched.Abandon();

            // Where bubblewrap itself has failed, it says why, and would fail again.
            return _output.ErrorText().Length == 0 ? null : throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        var wallTime = _command.TimeLimit is { } asked && asked < limits.WallTime ? asked : limits.WallTime;
        var start = _time.GetTimestamp();
        block.Dispose();
        var ended = watched.WatchToEnd(watch, wallTime);
        var exitCodeOfCommand = SandboxStatus.ExitCode(_output.ReadAll(status));
        var limit = ended != CommandLimit.None ? ended : _group?.Exceeded() ?? CommandLimit.None;

        if (limit == CommandLimit.None && exitCodeOfCommand is null)
        {
            throw new ProblemException(FailureOf(_output.ErrorText()));
        }

        var peak = _group?.MemoryBytesPeak ?? watch.MemoryBytesPeak;
        var result = SandboxStatus.ToResult(
            exitCodeOfCommand, limit, _output, _time.GetElapsedTime(start), peak, _profile.Tier, _root.CanChange);

        return new SandboxRun(
            result, _profile.FilterDigest, _profile.Digest, limits, _group?.Kind ?? TreeAccounting.Watchdog);
    }

    private bool IsPrefixed => _root.LaunchPrefix.Count > 0;

    private int AsLauncher(Func<int> action) => IsPrefixed ? action() : _identity!.Run(action);

    private (int Process, bool IsInside) Spawn(IReadOnlyList<SafeFileHandle> pipes)
    {
        _identity = new ThreadIdentity(_root);
        List<string> directories =
        [
            _root.BindSource, .. _profile.Toolchains.Select(each => each.Directory),
            .. _profile.Folders.Select(each => each.Directory),
        ];
        var sources = IsPrefixed ? directories : _identity.MakeReachable(directories);

        _ = _isPrepared.Wait(SetupMax);
        var firstProgram = BubblewrapArguments.FirstDataDescriptor + Files.Files.Count;
        var arguments = BubblewrapArguments.For(
            _profile, sources, new WorkspaceBind(sources[0], _root.CanChange, _root.Masks()), _command, Files,
            [.. _programs.Select((each, index) => (each.Path, firstProgram + index))], IsHelped);

        using var input = _command.Input.IsEmpty
            ? File.OpenHandle("/dev/null")
            : Native.SealedFile(_command.Input.Span);
        using var argumentFile = Native.SealedFile(BytesOf(string.Join('\0', arguments) + '\0'));
        using var filter = Native.SealedFile(Seccomp.Of(_profile.Network).AsSpan());
        var programs = _programs.Select(program => Native.SealedFile(program.Content)).ToList();

        try
        {
            List<SafeFileHandle> descriptors =
            [
                input, _output.Writer, _output.ErrorWriter, argumentFile, filter, .. pipes,
                .. Files.Files.Select(file => file.Content), .. programs,
            ];
            List<string> line =
            [
                .. _root.LaunchPrefix, .. IsPrefixed ? DropAfterPrefix() : [], _profile.BubblewrapPath,
                "--args", $"{BubblewrapArguments.ArgumentsDescriptor}", "--", .. _command.Arguments,
            ];
            Native.AdoptOrphans();
            var child = 0;
            void Start() => child = ChildProgram.Start(line, descriptors, AsLauncher);
            var isInside = false;

            if (_group is null)
            {
                Start();
            }
            else
            {
                isInside = _group.TryStartInside(Start);
            }

            _output.CloseWriters();
            Problem.ThrowUnless(
                child > 0, "sandbox.setup_failed", SetupFailure.Unknown.ToProblem("sandbox.setup_failed").Message);

            return (child, isInside);
        }
        finally
        {
            programs.ForEach(each => each.Dispose());
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

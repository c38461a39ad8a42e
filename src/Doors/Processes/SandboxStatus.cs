using System.Text.Json;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Reads what bubblewrap reports about its child, and what an exit code means.</summary>
internal static class SandboxStatus
{
    private static readonly string?[] s_signals =
    [
        null, "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP",
        "SIGTTIN", "SIGTTOU", "SIGURG", "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR",
        "SIGSYS",
    ];

    /// <summary>The pid of the namespace's init, as soon as the report is whole.</summary>
    public static int? ChildProcess(ReadOnlySpan<byte> report) => Number(report, "child-pid");

    /// <summary>The exit code of the command; null when it was never started.</summary>
    public static int? ExitCode(ReadOnlySpan<byte> report) => Number(report, "exit-code");

    public static int NumberOf(string signal) => Array.IndexOf(s_signals, signal);

    /// <summary>Bubblewrap and shells report the death by signal N as 128 + N; so do we read it.</summary>
    public static CommandResult ToResult(
        int? exitCode, CommandLimit limit, SandboxOutput output, TimeSpan wallTime, long peak, string tier,
        bool canChange)
    {
        var signal = exitCode is > 128 and var code && code - 128 < s_signals.Length ? s_signals[code - 128] : null;
        var reached = (limit, signal) switch
        {
            (CommandLimit.None, "SIGXCPU") => CommandLimit.CpuTime,
            (CommandLimit.None, "SIGXFSZ") => CommandLimit.FileSize,
            _ => limit,
        };
        var isExplained = reached != CommandLimit.None;

        return new CommandResult(
            isExplained || signal is not null ? null : exitCode,
            isExplained ? null : signal,
            reached,
            output.Text,
            output.ErrorOutput,
            wallTime,
            peak,
            tier,
            canChange);
    }

    // The report is one object after another, so it is read token by token.
    private static int? Number(ReadOnlySpan<byte> report, string name)
    {
        var options = new JsonReaderOptions { AllowMultipleValues = true };
        var reader = new Utf8JsonReader(report, isFinalBlock: false, new JsonReaderState(options));

        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name))
            {
                return reader.Read() && reader.TryGetInt32(out var value) ? value : null;
            }
        }

        return null;
    }
}

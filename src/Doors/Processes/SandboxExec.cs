using System.Text;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>One command in the verified sandbox over a directory as it is: what <c>reeve sandbox exec</c>
/// runs.</summary>
/// <remarks>It copies nothing: whoever calls it decides whether the tree is a view or may be lost.</remarks>
public sealed class SandboxExec(ProgramsIssuer issuer, SandboxProfile profile, SandboxRoot root)
{
    /// <summary>As coreutils' timeout(1) answers when it ended the command.</summary>
    public const int LimitExitCode = 124;

    public async Task<SandboxRun> RunAsync(
        Command command, Action<OutputChunk>? onOutput, CancellationToken cancellationToken)
    {
        SandboxRun? finished = null;
        var programs = issuer.Issue(profile, root, Label.LeastTrusted, run => finished = run);
        _ = await programs.RunAsync(command, onOutput, cancellationToken);

        return finished!;
    }

    /// <summary>The exit code that tells a shell the same: the command's own, or 128 + signal, or 124 for a
    /// limit.</summary>
    public static int ExitCodeOf(CommandResult result) =>
        result.Limit != CommandLimit.None ? LimitExitCode
        : result.Signal is { } signal ? 128 + SandboxStatus.NumberOf(signal)
        : result.ExitCode ?? 0;

    /// <summary>The one object that <c>--json</c> prints.</summary>
    public static string ToJson(SandboxRun run)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, run);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, SandboxRun run)
    {
        var result = run.Result;
        writer.WriteStartObject();
        WriteNumberOrNull(writer, "exit_code", result.ExitCode);
        writer.WriteString("signal", result.Signal);
        writer.WriteString("limit", result.Limit == CommandLimit.None ? null : NameOf(result.Limit));
        WriteOutput(writer, "stdout", result.Output);
        WriteOutput(writer, "stderr", result.ErrorOutput);
        writer.WriteNumber("wall_milliseconds", Math.Round(result.WallTime.TotalMilliseconds, 1));
        writer.WriteNumber("memory_bytes_peak", result.MemoryBytesPeak);
        writer.WriteString("tier", result.SandboxTier);
        writer.WriteString("filter_digest", run.FilterDigest);
        writer.WriteString("profile_digest", run.ProfileDigest);
        writer.WriteString("accounting", run.Accounting switch
        {
            TreeAccounting.ControlGroup1 => "cgroup_v1",
            TreeAccounting.ControlGroup2 => "cgroup_v2",
            TreeAccounting.Watchdog => "watchdog",
            _ => throw new System.Diagnostics.UnreachableException(),
        });
        writer.WriteEndObject();
    }

    private static void WriteOutput(Utf8JsonWriter writer, string name, OutputText output)
    {
        writer.WriteStartObject(name);
        writer.WriteString("head", Encoding.UTF8.GetString(output.Head.Span));
        writer.WriteString("tail", Encoding.UTF8.GetString(output.Tail.Span));
        writer.WriteNumber("bytes_total", output.BytesTotal);
        writer.WriteBoolean("truncated", output.IsTruncated);
        writer.WriteEndObject();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string NameOf(CommandLimit limit) => limit switch
    {
        CommandLimit.WallTime => "wall_time",
        CommandLimit.CpuTime => "cpu_time",
        CommandLimit.Memory => "memory",
        CommandLimit.Processes => "processes",
        CommandLimit.FileSize => "file_size",
        CommandLimit.Disk => "disk",
        CommandLimit.Output => "output",
        CommandLimit.Cancelled => "cancelled",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Processes;

/// <summary>What the kernel tells about processes below /proc (proc(5)). A process that is gone has no
/// answer.</summary>
internal static class ProcessFiles
{
    private const long TicksPerSecond = 100;
    private const int FirstReadBytes = 4096;

    /// <summary>The whole text of such a file, or of any other; null when it cannot be read.</summary>
    public static unsafe string? ReadText(string path)
    {
        using var file = Native.Open(path, Native.CloseOnExec, mode: 0);

        if (file.IsInvalid)
        {
            return null;
        }

        // Such files have no size and are short: asking for it, and locking them, would be most of the work.
        var buffer = stackalloc byte[FirstReadBytes];
        var count = Native.Read(file, buffer, FirstReadBytes);

        return count < 0 ? null
            : count < FirstReadBytes && IsAtEnd(file) ? Encoding.UTF8.GetString(buffer, (int)count)
            : ReadLongText(path);
    }

    /// <summary>The number behind a name, as in <c>VmRSS:    123 kB</c> or <c>oom_kill 1</c>.</summary>
    public static long? Field(string text, string name)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal)
                && line.Length > name.Length && line[name.Length] is ':' or ' ')
            {
                var rest = line[(name.Length + 1)..].Trim();
                var end = rest.IndexOf(' ');
                return long.TryParse(end < 0 ? rest : rest[..end], CultureInfo.InvariantCulture, out var value)
                    ? value
                    : null;
            }
        }

        return null;
    }

    /// <summary>A process and all that descend from it, at most <paramref name="countMax"/> of them.</summary>
    /// <remarks>In a pid namespace everything descends from its init: orphans are given to it.</remarks>
    public static List<int> Tree(int root, int countMax)
    {
        var found = new List<int> { root };

        for (var index = 0; index < found.Count && found.Count < countMax; index++)
        {
            foreach (var thread in Threads(found[index]))
            {
                AddChildren(found, ReadText($"{thread}/children"), countMax);
            }
        }

        return found;
    }

    /// <summary>Anonymous and shared memory in bytes; what other processes share is counted again.</summary>
    public static (long Memory, int Threads) Usage(int process)
    {
        if (ReadText($"/proc/{process}/status") is not { } text)
        {
            return (0, 0);
        }

        var kilobytes = (Field(text, "RssAnon") ?? 0) + (Field(text, "RssShmem") ?? 0);
        return (kilobytes * 1024, (int)(Field(text, "Threads") ?? 1));
    }

    /// <summary>The share of this process in memory, so that a sum over processes counts every page once.</summary>
    public static (long Anonymous, long Shared) ProportionalBytes(int process) =>
        ReadText($"/proc/{process}/smaps_rollup") is { } text
            ? ((Field(text, "Pss_Anon") ?? 0) * 1024, (Field(text, "Pss_Shmem") ?? 0) * 1024)
            : (0, 0);

    /// <summary>CPU time of a process and of its children that have been waited for.</summary>
    public static TimeSpan CpuTime(int process)
    {
        if (ReadText($"/proc/{process}/stat") is not { } text)
        {
            return TimeSpan.Zero;
        }

        // The name in brackets may itself contain anything; the numbers follow the last bracket.
        var numbers = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = numbers.Skip(11).Take(4).Sum(part => long.Parse(part, CultureInfo.InvariantCulture));
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    public static IReadOnlyList<string> Descriptors(int process)
    {
        try
        {
            return Directory.GetFiles($"/proc/{process}/fd");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static unsafe bool IsAtEnd(SafeFileHandle file)
    {
        byte one;
        return Native.Read(file, &one, 1) == 0;
    }

    private static string? ReadLongText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static void AddChildren(List<int> found, string? children, int countMax)
    {
        foreach (var child in (children ?? string.Empty).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (found.Count < countMax && int.TryParse(child, CultureInfo.InvariantCulture, out var id))
            {
                found.Add(id);
            }
        }
    }
}

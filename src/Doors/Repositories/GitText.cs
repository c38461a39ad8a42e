using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Repositories;

/// <summary>Reads the small text files of a repository.</summary>
internal static class GitText
{
    /// <summary>Null where there is no such file, or it is no file, or too long for what it should be.</summary>
    public static string? Read(SafeFileHandle? file, int bytesMax)
    {
        if (file is null || TreeFiles.Stat(file) is not { Kind: FileKind.Regular } stat || stat.Size > bytesMax)
        {
            return null;
        }

        var bytes = new byte[stat.Size];
        var count = 0;
        while (count < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(count), count) is var read and > 0)
        {
            count += read;
        }

        return Encoding.UTF8.GetString(bytes, 0, count);
    }
}

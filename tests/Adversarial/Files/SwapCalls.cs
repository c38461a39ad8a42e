using System.Runtime.InteropServices;

namespace Reeve.Tests.Adversarial.Files;

/// <summary>rename(2) as it is: no check and no copy before it.</summary>
internal static partial class SwapCalls
{
    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Rename(string from, string to);
}

using System.Runtime.InteropServices;

namespace Reeve.Tests.Adversarial.Files;

/// <summary>renameat2(2) with RENAME_EXCHANGE: two names change places in one step.</summary>
internal static partial class SwapCalls
{
    private const int CurrentDirectory = -100;
    private const uint ExchangeBoth = 2;

    public static int Exchange(string one, string other) =>
        RenameAt(CurrentDirectory, one, CurrentDirectory, other, ExchangeBoth);

    [LibraryImport("libc", EntryPoint = "renameat2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameAt(
        int fromDirectory, string from, int toDirectory, string to, uint flags);
}

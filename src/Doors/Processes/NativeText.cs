using System.Runtime.InteropServices;

namespace Reeve.Doors.Processes;

/// <summary>A text as the kernel reads it: UTF-8 with a NUL at its end, for as long as this is not disposed.</summary>
internal sealed class NativeText(string text) : IDisposable
{
    public nint Address { get; private set; } = Marshal.StringToCoTaskMemUTF8(text);

    public void Dispose()
    {
        Marshal.FreeCoTaskMem(Address);
        Address = 0;
    }
}

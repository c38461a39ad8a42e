using Microsoft.Win32.SafeHandles;

namespace Reeve.Doors.Views;

/// <summary>A stretch of an open file that holds the content asked for.</summary>
internal readonly record struct ContentSource(SafeFileHandle File, long Offset, long Count) : IDisposable
{
    public void Dispose() => File.Dispose();
}

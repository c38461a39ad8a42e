using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reeve.Bench;

/// <summary>The least that a durable journal can cost: write(2) and fdatasync(2).</summary>
internal sealed partial class PlainFile : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly byte[] _record = new byte[300];
    private readonly bool _isGrowing;
    private long _offset;

    /// <param name="isGrowing">Whether the file grows with each record, or was written before.</param>
    public PlainFile(string path, bool isGrowing)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        _isGrowing = isGrowing;
        RandomAccess.Write(_file, new byte[1 << 20], 0);
        RandomAccess.FlushToDisk(_file);
        _offset = isGrowing ? 1 << 20 : 0;
    }

    public void Append()
    {
        RandomAccess.Write(_file, _record, _offset);
        _ = SyncData(_file);
        _offset = _isGrowing ? _offset + _record.Length : (_offset + _record.Length) % ((1 << 20) - _record.Length);
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeFileHandle file);
}

using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes;

/// <summary>Both output streams of a sandbox, read without ever waiting.</summary>
internal sealed unsafe class SandboxOutput : IDisposable
{
    private const int ReadBytes = 64 << 10, ReadsPerTurnMax = 16, ReportBytesMax = 64 << 10;

    private readonly byte[] _buffer = new byte[ReadBytes];
    private readonly Action<OutputChunk>? _onOutput;
    private readonly CapturedOutput _text;
    private readonly CapturedOutput _errorText;
    private readonly long _bytesMax;

    public SandboxOutput(SandboxLimits limits, Action<OutputChunk>? onOutput)
    {
        _onOutput = onOutput;
        _bytesMax = limits.OutputBytes;
        _text = new CapturedOutput(limits.OutputHeadBytes, limits.OutputTailBytes);
        _errorText = new CapturedOutput(limits.OutputHeadBytes, limits.OutputTailBytes);
        (Reader, Writer) = Native.NewPipe();
        (ErrorReader, ErrorWriter) = Native.NewPipe();
        Native.SetNonBlocking(Reader);
        Native.SetNonBlocking(ErrorReader);
    }

    public SafeFileHandle Reader { get; }

    public SafeFileHandle Writer { get; }

    public SafeFileHandle ErrorReader { get; }

    public SafeFileHandle ErrorWriter { get; }

    public bool IsOpen { get; private set; } = true;

    public bool IsErrorOpen { get; private set; } = true;

    public bool IsExceeded => _text.BytesTotal + _errorText.BytesTotal > _bytesMax;

    public OutputText Text => _text.ToText();

    public OutputText ErrorOutput => _errorText.ToText();

    public string ErrorText() => Encoding.UTF8.GetString(_errorText.ToText().Head.Span);

    public void CloseWriters()
    {
        Writer.Dispose();
        ErrorWriter.Dispose();
    }

    /// <summary>Takes what has arrived on both, but only so much that the caller can look at the clock.</summary>
    public void Take()
    {
        IsOpen = IsOpen && Take(Reader, _text, isError: false);
        IsErrorOpen = IsErrorOpen && Take(ErrorReader, _errorText, isError: true);
    }

    /// <summary>What is in a pipe whose writers are gone, at most 64 KiB of it.</summary>
    public byte[] ReadAll(SafeFileHandle pipe)
    {
        Native.SetNonBlocking(pipe);
        using var all = new MemoryStream();

        while (all.Length < ReportBytesMax && Read(pipe) is > 0 and var count)
        {
            all.Write(_buffer, 0, count);
        }

        return all.ToArray();
    }

    public void Dispose()
    {
        CloseWriters();
        Reader.Dispose();
        ErrorReader.Dispose();
    }

    private bool Take(SafeFileHandle pipe, CapturedOutput captured, bool isError)
    {
        for (var turn = 0; turn < ReadsPerTurnMax && !IsExceeded; turn++)
        {
            var count = Read(pipe);

            if (count <= 0)
            {
                return count < 0;
            }

            captured.Add(_buffer.AsSpan(0, count));

            // The receiver may keep the chunk, and our buffer is used again.
            _onOutput?.Invoke(new OutputChunk(isError, _buffer.AsSpan(0, count).ToArray()));
        }

        return true;
    }

    // Zero at the end, negative when there is nothing now.
    private int Read(SafeFileHandle pipe)
    {
        fixed (byte* start = _buffer)
        {
            return (int)Native.Read(pipe, start, ReadBytes);
        }
    }
}

using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Network;

/// <summary>A response body that ends with a problem at the first byte past its limit, or when its clock runs
/// out.</summary>
/// <remarks>
/// It stands once on the received bytes and once more on the decompressed ones, so that neither an endless
/// answer nor a small one that unfolds without end can be read past the limit. It buffers nothing.
/// </remarks>
internal sealed class BoundedBody(Stream inner, long bytesMax, ResponseClock clock, IDisposable? owned) : Stream
{
    private long _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var read = await ReadInnerAsync(buffer, cancellationToken).ConfigureAwait(false);
        _bytes += read;

        if (_bytes > bytesMax)
        {
            throw new ReachException(
                new Problem("net.response_too_large", "The response is larger than allowed."), wasSent: true);
        }

        if (read > 0)
        {
            clock.Heard();
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is written here.
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            owned?.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadInnerAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var both = cancellationToken.CanBeCanceled
            ? CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken)
            : null;

        try
        {
            return await inner.ReadAsync(buffer, both?.Token ?? clock.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!clock.IsCallers && !cancellationToken.IsCancellationRequested)
        {
            throw clock.Explain();
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new ReachException(
                new Problem("net.cut_off", "The server ended the response in the middle.", IsRetryable: true),
                wasSent: true);
        }
        catch (InvalidDataException)
        {
            throw new ReachException(
                new Problem("net.response_invalid", "The response is not compressed as it says."), wasSent: true);
        }
    }
}

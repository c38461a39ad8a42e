using System.Buffers;
using System.Net;

namespace Reeve.Doors.Network;

/// <summary>A request body in pieces that are already in memory.</summary>
/// <remarks>
/// They are sent in blocks: as many small writes would each be a call of the system and a packet of their own, and
/// copying costs less than either.
/// </remarks>
internal sealed class FragmentContent(IReadOnlyList<ReadOnlyMemory<byte>> fragments) : HttpContent
{
    private const int BlockBytesMax = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        TryComputeLength(out var length);
        var block = ArrayPool<byte>.Shared.Rent((int)Math.Min(length, BlockBytesMax));
        var filled = 0;

        try
        {
            foreach (var fragment in fragments)
            {
                if (fragment.Length > block.Length - filled)
                {
                    await stream.WriteAsync(block.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
                    filled = 0;
                }

                if (fragment.Length > block.Length)
                {
                    await stream.WriteAsync(fragment, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                fragment.CopyTo(block.AsMemory(filled));
                filled += fragment.Length;
            }

            await stream.WriteAsync(block.AsMemory(0, filled), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block, clearArray: true);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;

        foreach (var fragment in fragments)
        {
            length += fragment.Length;
        }

        return true;
    }
}

using System.Net;

namespace Reeve.Doors.Network;

/// <summary>A request body in pieces that are already in memory; they are never copied together.</summary>
internal sealed class FragmentContent(IReadOnlyList<ReadOnlyMemory<byte>> fragments) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var fragment in fragments)
        {
            await stream.WriteAsync(fragment, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = fragments.Sum(fragment => (long)fragment.Length);
        return true;
    }
}

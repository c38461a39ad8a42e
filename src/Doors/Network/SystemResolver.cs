using System.Net;

namespace Reeve.Doors.Network;

/// <summary>Resolves names the way this machine does.</summary>
public sealed class SystemResolver : INameResolver
{
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
}

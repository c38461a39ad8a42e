using System.Net;

namespace Reeve.Doors.Network;

/// <summary>Resolves a host name once. What it returns is judged, and then connected to by address.</summary>
public interface INameResolver
{
    /// <returns>The addresses in the order to be tried; empty when the name has none.</returns>
    /// <exception cref="System.Net.Sockets.SocketException">No answer could be had.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);
}

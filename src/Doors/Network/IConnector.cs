using System.Net;

namespace Reeve.Doors.Network;

/// <summary>Opens a connection to an address that was judged. The one place a socket is made for a request.</summary>
public interface IConnector
{
    Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken);
}

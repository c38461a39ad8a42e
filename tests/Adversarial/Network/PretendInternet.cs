using System.Collections.Concurrent;
using System.Net;
using Reeve.Doors.Network;

namespace Reeve.Tests.Adversarial.Network;

/// <summary>A resolver and a network of our own: names and addresses lead to servers of the test, and each step
/// is noted.</summary>
internal sealed class PretendInternet : INameResolver, IConnector
{
    private readonly Dictionary<string, Queue<string[]>> _names = [];
    private readonly Dictionary<string, RawServer> _servers = [];

    public ConcurrentQueue<string> Resolved { get; } = [];

    public ConcurrentQueue<string> Connected { get; } = [];

    /// <summary>Each look at the name gives the next answer; the last one stays.</summary>
    public PretendInternet Name(string host, params string[][] answers)
    {
        _names[host] = new Queue<string[]>(answers);
        return this;
    }

    public PretendInternet Server(string address, RawServer server)
    {
        _servers[address] = server;
        return this;
    }

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        Resolved.Enqueue(host);
        var answers = _names[host];
        var answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();

        return Task.FromResult<IReadOnlyList<IPAddress>>([.. answer.Select(IPAddress.Parse)]);
    }

    public Task<Stream> ConnectAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        Connected.Enqueue(address.Address.ToString());
        return new SocketConnector().ConnectAsync(_servers[address.Address.ToString()].Address, cancellationToken);
    }

    /// <summary>What an ordinary client does: it follows, resolves again and asks nobody.</summary>
    public HttpClient UnguardedClient() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = true,
        ConnectCallback = async (context, cancellationToken) =>
        {
            var addresses = IPAddress.TryParse(context.DnsEndPoint.Host.Trim('[', ']'), out var literal)
                ? [literal] : await ResolveAsync(context.DnsEndPoint.Host, cancellationToken);
            return await ConnectAsync(new IPEndPoint(addresses[0], context.DnsEndPoint.Port), cancellationToken);
        },
    });

    public PinnedHttp GuardedClient(params string[] trusted) =>
        new(new TrustedOrigins(trusted), this, this, TimeProvider.System);
}

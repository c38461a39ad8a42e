using System.Net;
using System.Net.Sockets;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Network;

/// <summary>Resolves a host once, judges every address it has, and connects to one of those by number.</summary>
/// <remarks>
/// A name with one refused address is refused whole: a name that points inward on the second look already says so
/// on the first. Nothing resolves the name again, so it cannot change its mind between check and connection.
/// </remarks>
internal sealed class PinnedDialer(INameResolver resolver, IConnector connector, TimeProvider time)
{
    public const int AddressesMax = 16;
    public static readonly TimeSpan PerAddressTimeMax = TimeSpan.FromSeconds(5);

    public async Task<Stream> DialAsync(
        CheckedUri uri, bool isTrusted, TimeSpan timeMax, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        try
        {
            var addresses = await JudgeAsync(uri, isTrusted, both.Token).ConfigureAwait(false);
            return await ConnectAnyAsync(addresses, uri.Port, both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotSent("net.unreachable", "The host did not accept a connection in time.");
        }
    }

    /// <summary>Refuses before anything is resolved what the text alone gives away.</summary>
    public static void ThrowIfRefused(CheckedUri uri, bool isTrusted)
    {
        if (uri.Address is { } literal)
        {
            ThrowIfRefused(literal, isTrusted);
        }
        else if (!isTrusted && HostRules.Judge(uri.Host) is { } refusal)
        {
            throw NotSent(refusal.Code, refusal.Reason);
        }
    }

    private static void ThrowIfRefused(IPAddress address, bool isTrusted)
    {
        var verdict = AddressRules.Judge(address);

        if (!verdict.IsAllowed && (!isTrusted || AddressRules.IsMetadata(address)))
        {
            throw NotSent(verdict.Code, verdict.Reason);
        }
    }

    private static ReachException NotSent(string code, string reason) =>
        new(new Problem(code, reason, IsRetryable: code is "net.unreachable" or "net.name_not_resolved"),
            wasSent: false);

    private async Task<IReadOnlyList<IPAddress>> JudgeAsync(
        CheckedUri uri, bool isTrusted, CancellationToken cancellationToken)
    {
        ThrowIfRefused(uri, isTrusted);

        var addresses = uri.Address is { } literal
            ? [literal]
            : await ResolveAsync(uri.Host, cancellationToken).ConfigureAwait(false);

        foreach (var address in addresses)
        {
            ThrowIfRefused(address, isTrusted);
        }

        return addresses;
    }

    private async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await resolver.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
            return addresses.Count > 0 ? addresses : throw new SocketException((int)SocketError.HostNotFound);
        }
        catch (SocketException)
        {
            throw NotSent("net.name_not_resolved", "The host name could not be resolved to an address.");
        }
    }

    private async Task<Stream> ConnectAnyAsync(
        IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellationToken)
    {
        foreach (var address in addresses.Take(AddressesMax))
        {
            using var limit = new CancellationTokenSource(PerAddressTimeMax, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

            try
            {
                return await connector.ConnectAsync(new IPEndPoint(address, port), both.Token).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                // The next address may answer; when none does, the sentence below says so.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // This one was too slow: the next one still has time.
            }
        }

        throw NotSent("net.unreachable", "The host does not accept connections at this port.");
    }
}

using System.Net;
using System.Net.Sockets;

namespace Reeve.Doors.Network;

/// <summary>Judges a URL, host or address by the very rules a connection is made under, without connecting.</summary>
/// <remarks>
/// A name is resolved when a resolver is given. Where none answers, the outcome is marked as not resolved; after
/// <see cref="SilencesMax"/> failures in a row the resolver is not asked again, so that a long list ends soon.
/// </remarks>
public sealed class NetCheck(INameResolver? resolver, TimeProvider time)
{
    public const int SilencesMax = 3;
    public static readonly TimeSpan ResolveTimeMax = TimeSpan.FromSeconds(3);

    private int _silences;

    /// <summary>Judges by the text alone; nothing is resolved.</summary>
    public static NetCheckResult Evaluate(string text) => Judge(text, out _);

    public async Task<NetCheckResult> EvaluateAsync(string text, CancellationToken cancellationToken)
    {
        var result = Judge(text, out var host);

        if (host is null || resolver is null || _silences >= SilencesMax)
        {
            return result;
        }

        using var limit = new CancellationTokenSource(ResolveTimeMax, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);

        try
        {
            var addresses = await resolver.ResolveAsync(host, both.Token).ConfigureAwait(false);
            _silences = 0;

            return addresses.Count == 0 ? result : JudgeAll(addresses);
        }
        catch (SocketException failure)
        {
            _silences = failure.SocketErrorCode == SocketError.HostNotFound ? 0 : _silences + 1;
            return result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            _silences++;
            return result;
        }
    }

    private static NetCheckResult Judge(string text, out string? nameToResolve)
    {
        nameToResolve = null;
        UrlRefusal? refusal;
        string host;
        IPAddress? address;

        if (IsBareHost(text, out var bare))
        {
            host = CheckedUri.ParseHost(bare, out address, out refusal);
        }
        else
        {
            var uri = CheckedUri.Parse(text, out refusal);
            (host, address) = (uri?.Host ?? string.Empty, uri?.Address);
        }

        if (refusal is not null)
        {
            return Refuse(refusal);
        }

        if (address is not null)
        {
            return JudgeAll([address]);
        }

        if (HostRules.Judge(host) is { } refused)
        {
            return Refuse(refused);
        }

        nameToResolve = host;
        return new NetCheckResult(
            Allowed: true, "net.unresolved", "The name is public; its addresses were not resolved.",
            Resolved: false, []);
    }

    // An address, [address], host or host:port. Whatever has a slash, or a word before a colon, is a URL.
    private static bool IsBareHost(string text, out string host)
    {
        host = text;

        if (text.AsSpan().IndexOfAny("/?#@\\ \t\r\n") >= 0 || text.Length > HostRules.HostCharactersMax + 8)
        {
            return false;
        }

        var end = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;

        if (end == text.Length - 1 && end > 0)
        {
            host = text[1..end];
            return true;
        }

        if (end < 0 && text.AsSpan().Count(':') != 1)
        {
            return true;
        }

        if (text.AsSpan(text.LastIndexOf(':') + 1).ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var parsed = CheckedUri.Parse("http://" + text, out var refusal);
        host = parsed?.Host ?? (refusal!.Code is "net.port_invalid" ? "-" : text[..text.LastIndexOf(':')]);
        return true;
    }

    private static NetCheckResult JudgeAll(IReadOnlyList<IPAddress> addresses)
    {
        var texts = addresses.Select(address => address.ToString()).ToList();
        var verdicts = addresses.Select(AddressRules.Judge).ToList();
        var verdict = verdicts.Find(one => !one.IsAllowed);
        verdict = verdict.Code is null ? verdicts[0] : verdict;

        return new NetCheckResult(verdict.IsAllowed, verdict.Code, verdict.Reason, Resolved: true, texts);
    }

    private static NetCheckResult Refuse(UrlRefusal refusal) =>
        new(Allowed: false, refusal.Code, refusal.Reason, Resolved: false, []);
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Reeve.Tests.Adversarial.Network;

/// <summary>A server on the loopback address that answers each connection's first request with whatever a test
/// likes.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, Stream, CancellationToken, Task> _answer;
    private readonly Task _accepting;

    public RawServer(Func<string, Stream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public RawServer(string answer)
        : this((_, stream, stop) => stream.WriteAsync(Encoding.UTF8.GetBytes(answer), stop).AsTask())
    {
    }

    public ConcurrentQueue<string> Requests { get; } = [];

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public string Url => $"http://127.0.0.1:{Address.Port}";

    public static string Ok(string body, string headers = "") =>
        $"HTTP/1.1 200 OK\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n"
            + $"Connection: close\r\n{headers}\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();

        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception end) when (_stop.IsCancellationRequested
            && (end is OperationCanceledException or SocketException or ObjectDisposedException
                or InvalidOperationException))
        {
            // Stopped while it waited, or between two waits.
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var request = await ReadRequestAsync(stream);
                Requests.Enqueue(request);
                await _answer(request, stream, _stop.Token);
                client.Client.Shutdown(SocketShutdown.Send);
                await stream.CopyToAsync(Stream.Null, _stop.Token);
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // The client hung up, which is what most of these tests want it to do.
            }
        }
    }

    private async Task<string> ReadRequestAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];

        while (true)
        {
            var read = await stream.ReadAsync(buffer, _stop.Token);
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            var request = text.ToString();
            var headEnd = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);

            if (read == 0 || (headEnd >= 0 && request.Length >= headEnd + 4 + LengthOf(request)))
            {
                return request;
            }
        }
    }

    private static int LengthOf(string request)
    {
        const string Name = "content-length: ";
        var start = request.IndexOf(Name, StringComparison.OrdinalIgnoreCase);

        return start < 0 ? 0 : int.Parse(
            request.AsSpan(start + Name.Length)[..request.AsSpan(start + Name.Length).IndexOf('\r')]);
    }
}

using System.IO.Compression;
using System.Text;
using Reeve.Authority.Mandates;
using Reeve.Doors.Network;
using Xunit;

namespace Reeve.Tests.Adversarial.Network;

/// <summary>Servers that answer without end, without speed, or with more than they say.</summary>
public sealed class HostileResponseTests
{
    private const int BodyBytesMax = 100_000;

    private static readonly ReachLimits s_limits = ReachLimits.Default with
    {
        BodyBytesMax = BodyBytesMax,
        FirstByteTimeMax = TimeSpan.FromMilliseconds(400),
        SilenceMax = TimeSpan.FromMilliseconds(400),
        TotalTimeMax = TimeSpan.FromSeconds(2),
    };

    [Fact]
    [Trait("Req", "NET-3")]
    public async Task A_body_is_read_to_its_limit_and_not_one_byte_past_it()
    {
        Assert.Equal(BodyBytesMax, (await ReadAsync(RawServer.Ok(new string('a', BodyBytesMax)))).Length);
        Assert.Equal("net.response_too_large", await CodeAsync(RawServer.Ok(new string('a', BodyBytesMax + 1))));
    }

    [Fact]
    [Trait("Req", "NET-3")]
    public async Task An_endless_body_ends_at_the_limit()
    {
        var sent = 0L;

        Assert.Equal("net.response_too_large", await CodeAsync(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);

            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync(new byte[64 * 1024], stop);
                sent += 64 * 1024;
            }
        }));

        Assert.InRange(sent, BodyBytesMax / 2, 64L * 1024 * 1024);
    }

    [Theory]
    [Trait("Req", "NET-3")]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_bomb_ends_at_the_limit_of_decompressed_bytes(string encoding)
    {
        var bomb = Compress(new byte[50 * 1024 * 1024], encoding);
        Assert.True(bomb.Length < BodyBytesMax, "the bomb must fit through the door while it is small");

        Assert.Equal("net.response_too_large", await CodeAsync(Compressed(bomb, encoding)));
        Assert.Equal(1_000, (await ReadAsync(Compressed(Compress(new byte[1_000], encoding), encoding))).Length);
    }

    [Fact]
    [Trait("Req", "NET-3")]
    public async Task Headers_without_end_are_cut_off() => Assert.Equal("net.response_too_large", await CodeAsync(
        async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);

            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"X-A: {new string('a', 1_000)}\r\n"), stop);
            }
        }));

    [Fact]
    [Trait("Req", "NET-6")]
    public async Task A_server_that_accepts_and_never_answers_is_cut_at_the_deadline() =>
        Assert.Equal("net.silent", await CodeAsync((_, _, stop) => WaitAsync(stop)));

    [Fact]
    [Trait("Req", "NET-3")]
    public async Task A_body_that_falls_silent_is_cut_off() => Assert.Equal("net.silent", await CodeAsync(
        async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsome"u8.ToArray(), stop);
            await WaitAsync(stop);
        }));

    [Fact]
    [Trait("Req", "NET-3")]
    public async Task A_body_that_drips_ends_at_the_total_time() => Assert.Equal("net.timeout", await CodeAsync(
        async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8.ToArray(), stop);

            while (!stop.IsCancellationRequested)
            {
                await stream.WriteAsync("a"u8.ToArray(), stop);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
            }
        }));

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nshort", "net.cut_off")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5\r\nshort\r\n",
        "net.cut_off")]
    [InlineData("", "net.cut_off")]
    [InlineData("SSH-2.0-OpenSSH_9.9\r\n\r\n", "net.response_invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 1\r\n\r\na", "net.response_invalid")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", "net.response_invalid")]
    public async Task A_damaged_response_is_named_as_what_it_is(string answer, string code) =>
        Assert.Equal(code, await CodeAsync(answer));

    [Fact]
    [Trait("Req", "NET-6")]
    public async Task A_server_that_keeps_failing_is_left_alone()
    {
        await using var server = new RawServer("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);
        var codes = new List<string>();

        for (var attempt = 0; attempt < 20; attempt++)
        {
            codes.Add(await OutcomeAsync(http, server.Url));
        }

        Assert.Equal("500", codes[0]);
        Assert.Equal("net.breaker_open", codes[^1]);
        Assert.True(server.Requests.Count < 20);
    }

    [Fact]
    [Trait("Req", "NET-6")]
    public async Task A_server_that_asks_for_a_long_pause_gets_it()
    {
        await using var server = new RawServer(
            "HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        using var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);

        Assert.Equal("429", await OutcomeAsync(http, server.Url));
        Assert.Equal("net.rate_limited", await OutcomeAsync(http, server.Url));
        Assert.Single(server.Requests);
    }

    [Fact]
    [Trait("Req", "NET-6")]
    public void There_is_one_way_out()
    {
        var assemblies = new[] { typeof(PinnedHttp), typeof(Reeve.Models.OpenAi.OpenAiModel),
            typeof(Reeve.Kernel.Models.IModel) }
            .Select(type => type.Assembly);

        Assert.Equal(
            [typeof(PinnedHttp)],
            assemblies.SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.IsClass && type.IsAssignableTo(typeof(IReach))));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Task WaitAsync(CancellationToken stop) =>
        Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);

    private static Func<string, Stream, CancellationToken, Task> Compressed(byte[] body, string encoding) =>
        async (_, stream, stop) =>
        {
            var head =
                $"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n"
                + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop);
            await stream.WriteAsync(body, stop);
        };

    private static byte[] Compress(byte[] bytes, string encoding)
    {
        using var buffer = new MemoryStream();
        using (Stream packed = encoding switch
        {
            "gzip" => new GZipStream(buffer, CompressionLevel.Optimal),
            "br" => new BrotliStream(buffer, CompressionLevel.Fastest),
            _ => new ZLibStream(buffer, CompressionLevel.Optimal),
        })
        {
            packed.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static async Task<byte[]> ReadAsync(RawServer server)
    {
        await using (server)
        {
            using var http = new PinnedHttp(new TrustedOrigins(server.Url), TimeProvider.System);
            await using var response = await http.SendAsync(Get(server.Url), Stop);
            using var body = new MemoryStream();
            await response.Body.CopyToAsync(body, Stop);
            return body.ToArray();
        }
    }

    private static Task<byte[]> ReadAsync(string answer) => ReadAsync(new RawServer(answer));

    private static Task<byte[]> ReadAsync(Func<string, Stream, CancellationToken, Task> answer) =>
        ReadAsync(new RawServer(answer));

    private static async Task<string> CodeAsync(string answer) =>
        (await Assert.ThrowsAsync<ReachException>(() => ReadAsync(answer))).Problem.Code;

    private static async Task<string> CodeAsync(Func<string, Stream, CancellationToken, Task> answer) =>
        (await Assert.ThrowsAsync<ReachException>(() => ReadAsync(answer))).Problem.Code;

    private static async Task<string> OutcomeAsync(PinnedHttp http, string url)
    {
        try
        {
            await using var response = await http.SendAsync(Get(url), Stop);
            return response.Status.ToString();
        }
        catch (ReachException refusal)
        {
            return refusal.Problem.Code;
        }
    }

    private static ReachRequest Get(string url) => new("GET", url + "/", [], []) { Limits = s_limits };
}

using System.Net;
using Reeve.Authority.Mandates;
using Reeve.Doors.Network;
using Xunit;

namespace Reeve.Tests.Adversarial.Network;

/// <summary>Attempts to reach an inner address from a URL that looks public.</summary>
public sealed class ForgedAddressTests
{
    private const string Public = "93.184.216.34";
    private const string Metadata = "169.254.169.254";

    [Fact]
    [Trait("Req", "NET-1")]
    public async Task A_name_that_turns_inward_on_the_second_look_is_never_connected_to()
    {
        await using var secret = new RawServer(RawServer.Ok("credentials"));
        var internet = new PretendInternet()
            .Name("rebind.example.com", [Public], ["127.0.0.1"]).Server("127.0.0.1", secret).Server(Public, secret);
        using var unguarded = internet.UnguardedClient();
        _ = await internet.ResolveAsync("rebind.example.com", Stop);
        Assert.Equal("credentials", await unguarded.GetStringAsync("http://rebind.example.com/", Stop));
        Assert.Equal(["127.0.0.1"], internet.Connected);

        var again = new PretendInternet()
            .Name("rebind.example.com", [Public], ["127.0.0.1"]).Server("127.0.0.1", secret).Server(Public, secret);
        using var guarded = again.GuardedClient();
        Assert.Equal(200, await StatusAsync(guarded, "http://rebind.example.com/"));
        var refusal = await RefusedAsync(guarded, "http://rebind.example.com/");

        Assert.Equal("net.address_loopback", refusal.Problem.Code);
        Assert.False(refusal.WasSent);
        Assert.Equal([Public], again.Connected);
        Assert.Equal(2, again.Resolved.Count);
    }

    [Fact]
    [Trait("Req", "NET-1")]
    public async Task One_inner_address_among_the_answers_refuses_the_whole_name()
    {
        var internet = new PretendInternet().Name("mixed.example.com", [Public, "10.0.0.1"]);
        using var guarded = internet.GuardedClient();

        Assert.Equal("net.address_private", (await RefusedAsync(guarded, "http://mixed.example.com/")).Problem.Code);
        Assert.Empty(internet.Connected);
    }

    [Theory]
    [Trait("Req", "NET-1")]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[fd00:ec2::254]")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    [InlineData("localhost")]
    [InlineData("metadata.google.internal")]
    public async Task An_inner_host_is_refused_and_no_socket_is_opened(string host)
    {
        var internet = new PretendInternet();
        using var guarded = internet.GuardedClient();

        Assert.StartsWith("net.", (await RefusedAsync(guarded, $"http://{host}/")).Problem.Code,
            StringComparison.Ordinal);
        Assert.Empty(internet.Connected);
        Assert.Empty(internet.Resolved);
    }

    [Fact]
    [Trait("Req", "NET-1")]
    public async Task A_redirect_to_the_metadata_endpoint_is_refused_before_a_socket_is_opened()
    {
        await using var metadata = new RawServer(RawServer.Ok("credentials"));
        await using var lure = new RawServer(Redirect($"http://{Metadata}/latest/"));
        PretendInternet Internet() => new PretendInternet()
            .Name("lure.example.com", [Public]).Server(Public, lure).Server(Metadata, metadata);
        using var unguarded = Internet().UnguardedClient();
        Assert.Equal("credentials", await unguarded.GetStringAsync("http://lure.example.com/", Stop));

        var internet = Internet();
        using var guarded = internet.GuardedClient();
        var refusal = await RefusedAsync(guarded, "http://lure.example.com/", redirects: 5);

        Assert.Equal("net.address_metadata", refusal.Problem.Code);
        Assert.Equal([Public], internet.Connected);
    }

    [Fact]
    [Trait("Req", "NET-1")]
    public async Task A_redirect_leads_into_no_origin_that_the_operator_trusts()
    {
        await using var inner = new RawServer(RawServer.Ok("inner"));
        await using var lure = new RawServer(Redirect("http://127.0.0.1:8080/"));
        var internet = new PretendInternet()
            .Name("lure.example.com", [Public]).Server(Public, lure).Server("127.0.0.1", inner);
        using var guarded = internet.GuardedClient("http://127.0.0.1:8080");
        Assert.Equal(200, await StatusAsync(guarded, "http://127.0.0.1:8080/"));

        var refusal = await RefusedAsync(guarded, "http://lure.example.com/", redirects: 5);

        Assert.Equal("net.address_loopback", refusal.Problem.Code);
        Assert.Equal(["127.0.0.1", Public], internet.Connected);
    }

    [Fact]
    [Trait("Req", "NET-1")]
    public async Task Trust_is_for_the_exact_origin_and_never_for_a_metadata_endpoint()
    {
        await using var server = new RawServer(RawServer.Ok("here"));
        using var guarded = new PinnedHttp(new TrustedOrigins(server.Url, $"http://{Metadata}"), TimeProvider.System);
        Assert.Equal(200, await StatusAsync(guarded, server.Url + "/"));
        var asked = server.Requests.Count;

        Assert.Equal("net.address_loopback",
            (await RefusedAsync(guarded, $"http://127.0.0.2:{server.Address.Port}/")).Problem.Code);
        Assert.Equal("net.address_loopback", (await RefusedAsync(guarded, "http://127.0.0.1:1/")).Problem.Code);
        Assert.Equal("net.address_metadata", (await RefusedAsync(guarded, $"http://{Metadata}/")).Problem.Code);
        Assert.Equal(asked, server.Requests.Count);
    }

    [Fact]
    [Trait("Req", "NET-1")]
    public async Task An_origin_that_the_operator_trusts_lends_its_trust_to_no_other()
    {
        await using var inner = new RawServer(RawServer.Ok("inner"));
        await using var trusted = new RawServer(Redirect(inner.Url + "/"));
        using var open = new PinnedHttp(new TrustedOrigins(inner.Url), TimeProvider.System);
        Assert.Equal(200, await StatusAsync(open, inner.Url + "/"));
        var asked = inner.Requests.Count;
        using var guarded = new PinnedHttp(new TrustedOrigins(trusted.Url), TimeProvider.System);

        var refusal = await RefusedAsync(guarded, trusted.Url + "/", redirects: 1);

        Assert.Equal("net.address_loopback", refusal.Problem.Code);
        Assert.Equal(asked, inner.Requests.Count);
    }

    [Fact]
    [Trait("Req", "NET-2")]
    public async Task A_credential_does_not_follow_a_redirect_to_another_origin()
    {
        await using var other = new RawServer(RawServer.Ok("done"));
        await using var first = new RawServer(Redirect("http://other.example.com/"));
        var internet = new PretendInternet()
            .Name("first.example.com", [Public]).Name("other.example.com", ["93.184.216.35"])
            .Server(Public, first).Server("93.184.216.35", other);
        using var guarded = internet.GuardedClient();

        Assert.Equal(200, await StatusAsync(guarded, "http://first.example.com/", redirects: 1));

        Assert.Contains("hunter2", Assert.Single(first.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", Assert.Single(other.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Req", "NET-2")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://example.com/")]
    [InlineData("http://user:password@example.com/")]
    [InlineData("http://example.com\\@127.0.0.1/")]
    [InlineData("//127.0.0.1/")]
    public async Task A_redirect_is_read_as_strictly_as_a_url(string location)
    {
        await using var lure = new RawServer(Redirect(location));
        var internet = new PretendInternet().Name("lure.example.com", [Public]).Server(Public, lure);
        using var guarded = internet.GuardedClient();

        await RefusedAsync(guarded, "http://lure.example.com/", redirects: 5);

        Assert.Equal([Public], internet.Connected);
    }

    [Fact]
    public async Task Redirects_end_one_past_their_number()
    {
        await using var circle = new RawServer(Redirect("/again"));
        var internet = new PretendInternet().Name("circle.example.com", [Public]).Server(Public, circle);
        using var guarded = internet.GuardedClient();

        var refusal = await RefusedAsync(guarded, "http://circle.example.com/", redirects: 3);

        Assert.Equal("net.redirect_refused", refusal.Problem.Code);
        Assert.Equal(4, circle.Requests.Count);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static string Redirect(string location) =>
        $"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    private static ReachRequest Get(string url, int redirects) =>
        new("GET", url, [new ReachHeader("Authorization", "hunter2")], [])
        {
            Limits = ReachLimits.Default with { RedirectsMax = redirects },
        };

    private static async Task<int> StatusAsync(PinnedHttp http, string url, int redirects = 0)
    {
        await using var response = await http.SendAsync(Get(url, redirects), Stop);
        return response.Status;
    }

    private static Task<ReachException> RefusedAsync(PinnedHttp http, string url, int redirects = 0) =>
        Assert.ThrowsAsync<ReachException>(() => StatusAsync(http, url, redirects));
}

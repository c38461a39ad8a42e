using System.Net;
using System.Net.Sockets;
using Reeve.Doors.Network;
using Xunit;

namespace Reeve.Tests.Unit.Doors.Network;

public sealed class NetCheckTests
{
    [Theory]
    [InlineData("https://example.com/")]
    [InlineData("http://example.com")]
    [InlineData("HTTPS://EXAMPLE.COM:8443/a/b?c=d&e=%20#f")]
    [InlineData("https://example.com.:443/")]
    [InlineData("https://example.com:/")]
    [InlineData("https://a-b.sub_domain.example.co.uk/@user")]
    [InlineData("https://xn--mnchen-3ya.de/")]
    [InlineData("https://example.com/straße?q=日本")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700:4700::1111]:443/dns-query")]
    [InlineData("https://127.0.0.1.example.com/")]
    [InlineData("https://localhost.example.com/")]
    [InlineData("example.com")]
    [InlineData("example.com:443")]
    [InlineData("8.8.8.8")]
    [InlineData("8.8.8.8:53")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("[2606:4700:4700::1111]")]
    [InlineData("[2606:4700:4700::1111]:443")]
    public void What_is_public_is_allowed(string text) => Assert.True(NetCheck.Evaluate(text).Allowed);

    [Theory]
    [InlineData("http://127.0.0.1/", "net.address_loopback")]
    [InlineData("http://10.1.2.3:8080/x", "net.address_private")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "net.address_metadata")]
    [InlineData("http://[::1]/", "net.address_loopback")]
    [InlineData("http://[::]:25/", "net.address_special")]
    [InlineData("http://[::ffff:127.0.0.1]/", "net.address_embedded")]
    [InlineData("http://[0:0:0:0:0:ffff:7f00:1]/", "net.address_embedded")]
    [InlineData("http://[64:ff9b::127.0.0.1]/", "net.address_embedded")]
    [InlineData("http://[fe80::1%25eth0]/", "net.address_zone")]
    [InlineData("fe80::1%eth0", "net.address_zone")]
    [InlineData("http://2130706433/", "net.host_numeric")]
    [InlineData("http://0x7f000001/", "net.host_numeric")]
    [InlineData("http://0x7f.1/", "net.host_numeric")]
    [InlineData("http://017700000001/", "net.host_numeric")]
    [InlineData("http://0177.0.0.1/", "net.host_numeric")]
    [InlineData("http://127.1/", "net.host_numeric")]
    [InlineData("http://0/", "net.host_numeric")]
    [InlineData("http://127.0.0.1./", "net.host_numeric")]
    [InlineData("http://127.0.0.01/", "net.host_numeric")]
    [InlineData("http://425.510.425.510/", "net.host_numeric")]
    [InlineData("http://o177.0.0.1/", "net.host_numeric")]
    [InlineData("http://0x/", "net.host_numeric")]
    [InlineData("0x7f.1", "net.host_numeric")]
    [InlineData("2130706433", "net.host_numeric")]
    [InlineData("127.1:80", "net.host_numeric")]
    [InlineData("http://localhost/", "net.host_local")]
    [InlineData("http://LOCALHOST./", "net.host_local")]
    [InlineData("http://a.localhost/", "net.host_local")]
    [InlineData("http://metadata/", "net.host_local")]
    [InlineData("http://metadata.google.internal/", "net.host_local")]
    [InlineData("http://printer.local/", "net.host_local")]
    [InlineData("http://router.home.arpa/", "net.host_local")]
    [InlineData("http://metadata.goog/", "net.host_metadata")]
    [InlineData("http://127.0.0.1.nip.io/", "net.host_mirror")]
    [InlineData("http://localtest.me/", "net.host_mirror")]
    [InlineData("http://user@example.com/", "net.userinfo_refused")]
    [InlineData("http://example.com:80@127.0.0.1/", "net.userinfo_refused")]
    [InlineData("http://example.com#@127.0.0.1/", "net.url_ambiguous")]
    [InlineData("http://example.com?@127.0.0.1/", "net.url_ambiguous")]
    [InlineData("http://example.com\\@127.0.0.1/", "net.url_invalid")]
    [InlineData("http://example.com\t/", "net.url_invalid")]
    [InlineData("http://exa\nmple.com/", "net.url_invalid")]
    [InlineData(" http://example.com/", "net.url_invalid")]
    [InlineData("http://example.com/\r\nHost: x", "net.url_invalid")]
    [InlineData("http:127.0.0.1/", "net.url_invalid")]
    [InlineData("http:/127.0.0.1/", "net.url_invalid")]
    [InlineData("http:///127.0.0.1/", "net.url_invalid")]
    [InlineData("http://", "net.url_invalid")]
    [InlineData("", "net.host_invalid")]
    [InlineData("http://１２７.０.０.１/", "net.host_not_ascii")]
    [InlineData("http://①②⑦.⓪.⓪.①/", "net.host_not_ascii")]
    [InlineData("http://127。0。0。1/", "net.host_not_ascii")]
    [InlineData("http://exаmple.com/", "net.host_not_ascii")]
    [InlineData("http://%31%32%37.0.0.1/", "net.host_invalid")]
    [InlineData("http://example.com%00.evil.org/", "net.host_invalid")]
    [InlineData("http://0://example.com:80;http://example.org:80/", "net.host_numeric")]
    [InlineData("http://-example.com/", "net.host_invalid")]
    [InlineData("http://example..com/", "net.host_invalid")]
    [InlineData("http://example.com../", "net.host_invalid")]
    [InlineData("http://[::1/", "net.host_invalid")]
    [InlineData("http://[127.0.0.1]/", "net.host_invalid")]
    [InlineData("http://[::1]x/", "net.host_invalid")]
    [InlineData("http://::1/", "net.host_invalid")]
    [InlineData("http://example.com:0/", "net.port_invalid")]
    [InlineData("http://example.com:65536/", "net.port_invalid")]
    [InlineData("http://example.com:+80/", "net.port_invalid")]
    [InlineData("http://example.com:80a/", "net.port_invalid")]
    [InlineData("file:///etc/passwd", "net.scheme_refused")]
    [InlineData("gopher://example.com/", "net.scheme_refused")]
    [InlineData("jar:http://127.0.0.1!/", "net.scheme_refused")]
    [InlineData("//example.com/", "net.scheme_refused")]
    public void What_is_not_public_or_not_plain_is_refused_with_its_code(string text, string code)
    {
        var result = NetCheck.Evaluate(text);

        Assert.False(result.Allowed);
        Assert.Equal(code, result.Code);
    }

    [Fact]
    public async Task One_private_answer_among_public_ones_refuses_the_name()
    {
        var check = new NetCheck(new FixedResolver(["93.184.216.34", "10.0.0.1"]), TimeProvider.System);

        var result = await check.EvaluateAsync("https://example.com/", TestContext.Current.CancellationToken);

        Assert.False(result.Allowed);
        Assert.True(result.Resolved);
        Assert.Equal(["93.184.216.34", "10.0.0.1"], result.Addresses);
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_is_its_own_outcome_and_is_asked_only_so_often()
    {
        var resolver = new DeadResolver();
        var check = new NetCheck(resolver, TimeProvider.System);

        for (var name = 0; name < 100; name++)
        {
            var result = await check.EvaluateAsync("https://example.com/", TestContext.Current.CancellationToken);
            Assert.True(result.Allowed);
            Assert.False(result.Resolved);
            Assert.Equal("net.unresolved", result.Code);
        }

        Assert.Equal(NetCheck.SilencesMax, resolver.Asked);
    }

    [Fact]
    public void A_url_one_character_too_long_is_refused()
    {
        var longest = "https://example.com/".PadRight(CheckedUri.CharactersMax, 'a');

        Assert.True(NetCheck.Evaluate(longest).Allowed);
        Assert.False(NetCheck.Evaluate(longest + "a").Allowed);
    }

    [Fact]
    public void The_answer_is_one_line_of_json() =>
        Assert.Equal(
            """{"input":"10.0.0.1","allowed":false,"code":"net.address_private","reason":"The address is not public: """
            + """private network.","resolved":true,"addresses":["10.0.0.1"]}""",
            NetCheck.Evaluate("10.0.0.1").ToJson("10.0.0.1"));

    private sealed class FixedResolver(string[] addresses) : INameResolver
    {
        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IPAddress>>([.. addresses.Select(IPAddress.Parse)]);
    }

    private sealed class DeadResolver : INameResolver
    {
        public int Asked { get; private set; }

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Asked++;
            throw new SocketException((int)SocketError.TryAgain);
        }
    }
}

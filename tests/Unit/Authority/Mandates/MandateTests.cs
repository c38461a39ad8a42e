using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Mandates;

public sealed class MandateTests
{
    private static readonly Mandate s_mandate = Mandate.Default("m1", "ada", canAsk: true) with
    {
        Rules = [RuleSyntax.Parse("Bash(git push:*)", Decision.Deny, RuleTier.Administrator)],
        Ceiling = CeilingText.Of(Label.Of([new SourceId("b"), new SourceId("a")], [new ReaderId("ada")])),
        Limits = new MandateLimits(DollarsMax: 1.5m, WallTimeMax: TimeSpan.FromHours(1)),
        Depth = 2,
        ExpiresAt = DateTimeOffset.UnixEpoch.AddDays(1),
    };

    [Fact]
    public void Comes_back_from_its_JSON_with_the_same_bytes_and_digest()
    {
        var back = Mandate.FromJson(s_mandate.ToJson());

        Assert.Equal(s_mandate.ToJson(), back.ToJson());
        Assert.Equal(s_mandate.Digest(), back.Digest());
        Assert.Equal(s_mandate.Ceiling.ToLabel(), back.Ceiling.ToLabel());
        Assert.Equal(s_mandate.Rules, back.Rules);
    }

    [Fact]
    public void Writes_down_names_and_no_numbers_of_enums()
    {
        var json = Encoding.UTF8.GetString(s_mandate.ToJson());

        Assert.Contains("\"mode\":\"default\"", json, StringComparison.Ordinal);
        Assert.Contains(
            """{"decision":"deny","tier":"administrator","text":"Bash(git push:*)"}""", json, StringComparison.Ordinal);
        Assert.Contains("\"sources\":[\"a\",\"b\"]", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":"a","principal":"b","more":1}""")]
    [InlineData("""{"id":"a","principal":"b","mode":7}""")]
    [InlineData("""{"id":"a","principal":"b","tools":null}""")]
    [InlineData("""{"id":"a","principal":"b"}""")]
    [InlineData("not json")]
    public void Refuses_what_is_no_mandate(string json)
    {
        var refusal = Assert.Throws<ProblemException>(() => Mandate.FromJson(Encoding.UTF8.GetBytes(json)));

        Assert.Equal("mandate.invalid", refusal.Problem.Code);
    }

    [Fact]
    public void Names_nothing_unless_somebody_named_it()
    {
        var little = new Mandate { Id = "m", Principal = "ada" };

        Assert.Equal(PermissionMode.Plan, little.Mode);
        Assert.Empty(little.Tools);
        Assert.False(little.CanAsk);
        Assert.Equal(little.Digest(), Mandate.FromJson(little.ToJson()).Digest());
    }

    [Fact]
    public void Has_no_member_that_could_be_set_later()
    {
        var settable = typeof(Mandate).GetProperties()
            .Where(member => member.SetMethod is { } set
                && !set.ReturnParameter.GetRequiredCustomModifiers()
                    .Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)));

        Assert.Empty(settable);
    }

    [Fact]
    public void Ends_at_its_expiry()
    {
        Assert.False(s_mandate.IsExpiredAt(s_mandate.ExpiresAt.AddTicks(-1)));
        Assert.True(s_mandate.IsExpiredAt(s_mandate.ExpiresAt));
    }
}

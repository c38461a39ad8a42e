using Reeve.Fuzz;
using Xunit;

namespace Reeve.Tests.Adversarial.Fuzz;

/// <summary>A bounded dose of what <c>./do fuzz</c> does: only expected refusals come out of any entrance.</summary>
public sealed class FuzzTests
{
    private const int Cases = 10_000;

    public static TheoryData<string> Targets => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    [Trait("Req", "QUAL-4")]
    public void Nothing_but_a_refusal_comes_out_of(string name) =>
        Assert.Null(FuzzTargets.All.Single(target => target.Name == name).Run(firstSeed: 1, Cases));

    [Fact]
    public void A_target_that_breaks_is_reported_with_its_seed()
    {
        var breaking = new FuzzTarget("breaks", ["x"], _ => throw new InvalidOperationException("broke"));

        Assert.Equal("breaks, seed 7: InvalidOperationException: broke", breaking.Run(firstSeed: 7, cases: 1));
    }
}

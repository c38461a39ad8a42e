using Reeve.Tests.Architecture.Source;
using Xunit;

namespace Reeve.Tests.Architecture.Claims;

public sealed class ClaimsTests
{
    [Fact]
    [Trait("Writes", "docs")]
    public void The_page_of_claims_says_what_the_tests_say()
    {
        var page = ClaimsPage.Render(Requirement.All, TestMethod.All);
        if (Repository.IsRewriting)
        {
            Repository.Write(ClaimsPage.Path, page);
        }

        Assert.True(Repository.Read(ClaimsPage.Path) == page, "docs/CLAIMS.md is out of date: run ./do docs");
    }

    [Fact]
    public void An_identifier_is_listed_once() =>
        Assert.Equal(Requirement.All.Count, Requirement.All.DistinctBy(requirement => requirement.Id).Count());

    [Theory]
    [InlineData("Unit", "", "open")]
    [InlineData("Architecture", "", "open")]
    [InlineData("Scenarios", "", "proven")]
    [InlineData("Adversarial", "", "proven")]
    [InlineData("Simulation", "[Trait(\"Status\", \"never run\")]", "written, never run")]
    public void Only_a_test_from_outside_proves(string kind, string status, string expected)
    {
        var file = SourceFile.Of($"tests/{kind}/A.cs", $"class A {{ [Fact] {status} void B() {{ }} }}");
        var method = file.Nodes<Microsoft.CodeAnalysis.CSharp.Syntax.MethodDeclarationSyntax>().Single();

        Assert.Equal(expected, ClaimsPage.StatusOf([new TestMethod(file.Path, "A", "B", method)]));
    }

    [Fact]
    public void What_is_not_built_is_not_proven_by_the_rest()
    {
        var file = SourceFile.Of("tests/Scenarios/A.cs", "class A { [Fact] void B() { } }");
        var method = file.Nodes<Microsoft.CodeAnalysis.CSharp.Syntax.MethodDeclarationSyntax>().Single();

        Assert.Equal(
            "in part; missing: fork", ClaimsPage.StatusOf([new TestMethod(file.Path, "A", "B", method)], "fork"));
    }

    [Fact]
    public void A_claim_without_a_test_is_open() => Assert.Equal("open", ClaimsPage.StatusOf([]));
}

using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reeve.Tests.Architecture.Claims;
using Xunit;

namespace Reeve.Tests.Architecture.Source;

/// <summary>Who watches the tests: each can fail, runs, and speaks of requirements that exist.</summary>
public sealed class TestTests
{
    private const string Mark = "Ass" + "ert";

    [Fact]
    [Trait("Req", "QUAL-3")]
    public void No_test_is_without_an_assertion()
    {
        var silent = TestMethod.All.Where(test => !Asserts(test.Syntax)).Select(test => $"{test.File}#{test.Name}");

        Approved.ExceptionsMatch("silent-test", silent);
    }

    [Fact]
    public void No_test_is_skipped()
    {
        var skipped = TestMethod.All
            .Where(test => test.Syntax.AttributeLists.ToString().Contains("Skip", StringComparison.Ordinal)
                || test.Syntax.ToString().Contains(Mark + ".Skip", StringComparison.Ordinal))
            .Select(test => $"{test.File}#{test.Name}");

        Approved.ExceptionsMatch("skipped-test", skipped);
    }

    [Fact]
    public void Every_requirement_a_test_names_exists()
    {
        var known = Requirement.All.Select(requirement => requirement.Id).ToHashSet(StringComparer.Ordinal);
        var unknown = TestMethod.All
            .SelectMany(test => test.Requirements.Select(id => (Id: id, test.File, test.Name)))
            .Where(named => !known.Contains(named.Id))
            .Select(named => $"{named.File}#{named.Name}: {named.Id}");

        Assert.Empty(unknown);
    }

    // A helper asserts when it names an assertion, or calls one that does; names are looked up in all tests.
    private static readonly Lazy<HashSet<string>> s_asserting = new(() =>
    {
        var bodies = SourceFile.Tests.SelectMany(file => file.Nodes<MethodDeclarationSyntax>())
            .ToLookup(method => method.Identifier.Text, StringComparer.Ordinal);
        var asserting = bodies.Where(group => group.Any(NamesAnAssertion))
            .Select(group => group.Key)
            .ToHashSet(StringComparer.Ordinal);

        int before;
        do
        {
            before = asserting.Count;
            asserting.UnionWith(bodies.Where(group => group.SelectMany(Calls).Any(asserting.Contains))
                .Select(group => group.Key)
                .ToList());
        }
        while (asserting.Count != before); // Ends: the set only grows, and there are finitely many names.

        return asserting;
    });

    private static bool Asserts(MethodDeclarationSyntax test) =>
        NamesAnAssertion(test) || Calls(test).Any(s_asserting.Value.Contains);

    private static bool NamesAnAssertion(MethodDeclarationSyntax method) =>
        method.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access =>
            access.Expression.ToString() == Mark
            || access.Name.Identifier.Text is "QuickCheckThrowOnFailure" or "CheckThrowOnFailure"
            || access.ToString() is "Check.One");

    private static IEnumerable<string> Calls(MethodDeclarationSyntax method) =>
        method.DescendantNodes().OfType<InvocationExpressionSyntax>().Select(call => call.Expression switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
            SimpleNameSyntax name => name.Identifier.Text,
            _ => "",
        });
}

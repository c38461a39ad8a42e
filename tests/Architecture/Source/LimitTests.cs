using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Reeve.Tests.Architecture.Source;

public sealed class LimitTests
{
    /// <summary>Says by name only: a private limit is crossed through what uses it, where no name can be looked
    /// for.</summary>
    [Fact]
    [Trait("Writes", "docs")]
    public void Every_visible_limit_is_named_by_a_test()
    {
        var spoken = SourceFile.Tests
            .SelectMany(file => file.Root.DescendantTokens())
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .ToHashSet(StringComparer.Ordinal);

        var untested = SourceFile.Product.SelectMany(Limits).Where(limit => !spoken.Contains(limit.Name))
            .Select(limit => $"{limit.File}#{limit.Name}");

        Approved.ShrinksTo("LimitsWithoutTest.approved.txt", [.. untested]);
    }

    private static IEnumerable<(string File, string Name)> Limits(SourceFile file) =>
        from field in file.Nodes<FieldDeclarationSyntax>()
        where field.Modifiers.Any(SyntaxKind.ConstKeyword)
        where field.Modifiers.Any(SyntaxKind.PublicKeyword) || field.Modifiers.Any(SyntaxKind.InternalKeyword)
        from variable in field.Declaration.Variables
        let name = variable.Identifier.Text
        where name.EndsWith("Max", StringComparison.Ordinal)
        select (file.Path, name);
}

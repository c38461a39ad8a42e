using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Reeve.Tests.Architecture.Source;

public sealed class StateTests
{
    private static readonly string[] s_mutableCollections =
    [
        "Dictionary", "List", "HashSet", "Queue", "Stack", "ConcurrentDictionary", "ConcurrentQueue",
        "ConcurrentBag", "ConcurrentStack", "SortedDictionary", "SortedList", "SortedSet", "LinkedList",
        "StringBuilder", "MemoryCache", "AsyncLocal", "ThreadLocal",
    ];

    [Fact]
    [Trait("Req", "QUAL-2")]
    public void No_static_can_change() =>
        Approved.ExceptionsMatch("static-state", SourceFile.Product.SelectMany(MutableStatics));

    [Fact]
    [Trait("Req", "QUAL-2")]
    public void Every_pattern_is_matched_without_backtracking() =>
        Approved.ExceptionsMatch("backtracking", SourceFile.Product.SelectMany(Backtracking));

    [Theory]
    [InlineData("class A { static int s_a; }", 1)]
    [InlineData("class A { static readonly Dictionary<int, int> s_a = new(); }", 1)]
    [InlineData("class A { public static int B { get; set; } }", 1)]
    [InlineData("class A { [ThreadStatic] static readonly int s_a; }", 1)]
    [InlineData("class A { static readonly FrozenDictionary<int, int> s_a; const int B = 1; static int C => 1; }", 0)]
    public void A_static_that_can_change_is_seen(string text, int seen) =>
        Assert.Equal(seen, MutableStatics(SourceFile.Of("a.cs", text)).Count());

    [Theory]
    [InlineData("class A { Regex a = new Regex(\"a\"); }", 1)]
    [InlineData("class A { Regex a = new(\"a\"); }", 1)]
    [InlineData("class A { bool B(string c) => Regex.IsMatch(c, \"a\"); }", 1)]
    [InlineData("class A { [GeneratedRegex(\"a\")] partial Regex B(); }", 1)]
    [InlineData("class A { Regex a = new(\"a\", RegexOptions.NonBacktracking); }", 0)]
    [InlineData("class A { string b = Regex.Escape(\"a\"); }", 0)]
    public void A_backtracking_pattern_is_seen(string text, int seen) =>
        Assert.Equal(seen, Backtracking(SourceFile.Of("a.cs", text)).Count());

    private static IEnumerable<string> MutableStatics(SourceFile file)
    {
        var fields = file.Nodes<FieldDeclarationSyntax>()
            .Where(field => field.Modifiers.Any(SyntaxKind.StaticKeyword))
            .Where(field => !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)
                || s_mutableCollections.Contains(SimpleName(field.Declaration.Type), StringComparer.Ordinal)
                || field.AttributeLists.ToString().Contains("ThreadStatic", StringComparison.Ordinal))
            .SelectMany(field => field.Declaration.Variables.Select(variable => variable.Identifier.Text));
        var properties = file.Nodes<PropertyDeclarationSyntax>()
            .Where(property => property.Modifiers.Any(SyntaxKind.StaticKeyword))
            .Where(property => property.AccessorList?.Accessors
                .Any(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration) && accessor.Body is null
                    && accessor.ExpressionBody is null) == true)
            .Select(property => property.Identifier.Text);

        return fields.Concat(properties).Select(name => $"{file.Path}#{name}");
    }

    private static IEnumerable<string> Backtracking(SourceFile file)
    {
        var created = file.Nodes<ObjectCreationExpressionSyntax>()
            .Where(creation => SimpleName(creation.Type) == "Regex")
            .Select(creation => creation.ToString());
        var implied = file.Nodes<VariableDeclarationSyntax>()
            .Where(declaration => SimpleName(declaration.Type) == "Regex")
            .SelectMany(declaration => declaration.DescendantNodes().OfType<ImplicitObjectCreationExpressionSyntax>())
            .Select(creation => creation.ToString());
        var called = file.Nodes<InvocationExpressionSyntax>()
            .Where(call => call.Expression.ToString() is "Regex.IsMatch" or "Regex.Match" or "Regex.Matches"
                or "Regex.Replace" or "Regex.Split" or "Regex.Count" or "Regex.EnumerateMatches")
            .Select(call => call.ToString());
        var generated = file.Nodes<AttributeSyntax>()
            .Where(attribute => attribute.Name.ToString() == "GeneratedRegex")
            .Select(attribute => attribute.ToString());

        return created.Concat(implied).Concat(called).Concat(generated)
            .Where(use => !use.Contains("NonBacktracking", StringComparison.Ordinal))
            .Select(_ => file.Path);
    }

    private static string SimpleName(TypeSyntax type) => type switch
    {
        GenericNameSyntax generic => generic.Identifier.Text,
        QualifiedNameSyntax qualified => SimpleName(qualified.Right),
        NullableTypeSyntax nullable => SimpleName(nullable.ElementType),
        _ => type.ToString(),
    };
}

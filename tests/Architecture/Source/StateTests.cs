using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Reeve.Tests.Architecture.Source;

public sealed class StateTests
{
    private static readonly string[] s_alwaysState =
    [
        "ConcurrentDictionary", "ConcurrentQueue", "ConcurrentBag", "ConcurrentStack", "ConditionalWeakTable",
        "StringBuilder", "MemoryCache", "AsyncLocal", "ThreadLocal", "SemaphoreSlim", "Lock",
    ];

    // A table that its own file fills once and never touches again is a constant.
    private static readonly string[] s_tables =
    [
        "Dictionary", "List", "HashSet", "Queue", "Stack", "SortedDictionary", "SortedList", "SortedSet", "LinkedList",
    ];

    private static readonly string[] s_changes =
    [
        "Add", "AddRange", "TryAdd", "Remove", "RemoveAt", "RemoveWhere", "RemoveAll", "Clear", "Insert", "Enqueue",
        "Dequeue", "Push", "Pop", "UnionWith", "ExceptWith", "IntersectWith", "Sort", "Reverse",
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
    [InlineData("class A { internal static readonly Dictionary<int, int> B = new(); }", 1)]
    [InlineData("class A { static readonly HashSet<int> s_a = new(); void B() => s_a.Add(1); }", 1)]
    [InlineData("class A { static readonly Dictionary<int, int> s_a = new(); void B() { s_a[1] = 2; } }", 1)]
    [InlineData("class A { static readonly ConcurrentDictionary<int, int> s_a = new(); }", 1)]
    [InlineData("class A { static readonly HashSet<int> s_a = new() { 1 }; bool B => s_a.Contains(1); }", 0)]
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
    [InlineData("class A { const RegexOptions O = RegexOptions.NonBacktracking; Regex a = new(\"a\", O); }", 0)]
    [InlineData("class A { const RegexOptions O = RegexOptions.Compiled; Regex a = new(\"a\", O); }", 1)]
    [InlineData("class A { string b = Regex.Escape(\"a\"); }", 0)]
    public void A_backtracking_pattern_is_seen(string text, int seen) =>
        Assert.Equal(seen, Backtracking(SourceFile.Of("a.cs", text)).Count());

    private static IEnumerable<string> MutableStatics(SourceFile file)
    {
        var fields = file.Nodes<FieldDeclarationSyntax>()
            .Where(field => field.Modifiers.Any(SyntaxKind.StaticKeyword))
            .Where(field => !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)
                || s_alwaysState.Contains(SimpleName(field.Declaration.Type), StringComparer.Ordinal)
                || IsTableThatChanges(file, field)
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

    private static bool IsTableThatChanges(SourceFile file, FieldDeclarationSyntax field)
    {
        if (!s_tables.Contains(SimpleName(field.Declaration.Type), StringComparer.Ordinal))
        {
            return false;
        }

        var isSeenElsewhere = field.Modifiers.Any(SyntaxKind.PublicKeyword)
            || field.Modifiers.Any(SyntaxKind.InternalKeyword);
        var names = field.Declaration.Variables.Select(variable => variable.Identifier.Text).ToList();
        var isChanged = file.Nodes<MemberAccessExpressionSyntax>().Any(access =>
            names.Contains(access.Expression.ToString()) && s_changes.Contains(access.Name.Identifier.Text));
        var isAssigned = file.Nodes<AssignmentExpressionSyntax>().Any(assignment =>
            assignment.Left is ElementAccessExpressionSyntax element && names.Contains(element.Expression.ToString()));

        return isSeenElsewhere || isChanged || isAssigned;
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
            .Where(use => !Options(file).Any(name => use.Contains(name, StringComparison.Ordinal)))
            .Select(_ => file.Path);
    }

    // The option itself, or a name that this file gives to a set of options with it.
    private static IEnumerable<string> Options(SourceFile file) =>
        file.Nodes<VariableDeclaratorSyntax>()
            .Where(variable => variable.Initializer?.Value is not BaseObjectCreationExpressionSyntax)
            .Where(variable =>
                $"{variable.Initializer}".Contains("RegexOptions.NonBacktracking", StringComparison.Ordinal))
            .Select(variable => $", {variable.Identifier.Text}")
            .Prepend("NonBacktracking");

    private static string SimpleName(TypeSyntax type) => type switch
    {
        GenericNameSyntax generic => generic.Identifier.Text,
        QualifiedNameSyntax qualified => SimpleName(qualified.Right),
        NullableTypeSyntax nullable => SimpleName(nullable.ElementType),
        _ => type.ToString(),
    };
}

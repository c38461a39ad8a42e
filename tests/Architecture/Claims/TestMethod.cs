using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reeve.Tests.Architecture.Source;

namespace Reeve.Tests.Architecture.Claims;

/// <summary>One test as it is written, with the requirements it says it proves.</summary>
/// <remarks>A trait of a class counts for each of its tests, as it does for the runner.</remarks>
internal sealed record TestMethod(string File, string Class, string Name, MethodDeclarationSyntax Syntax)
{
    private static readonly string[] s_marks = ["Fact", "Theory", "Property"];

    private static readonly Lazy<IReadOnlyList<TestMethod>> s_all = new(() => [.. SourceFile.Tests.SelectMany(Of)]);

    public static IReadOnlyList<TestMethod> All => s_all.Value;

    /// <summary>The test project: Unit, Scenarios, Adversarial, Simulation, Architecture.</summary>
    public string Kind => File.Split('/')[1];

    public IReadOnlyList<string> Requirements => [.. TraitsOf("Req").Distinct(StringComparer.Ordinal)];

    /// <summary>Written for a machine that this repository's own suite does not have, and never run there.</summary>
    public bool NeverRun => TraitsOf("Status").Contains("never run", StringComparer.Ordinal);

    private static IEnumerable<TestMethod> Of(SourceFile file) =>
        from method in file.Nodes<MethodDeclarationSyntax>()
        where Attributes(method.AttributeLists).Any(IsMark)
        let type = method.FirstAncestorOrSelf<TypeDeclarationSyntax>()!
        select new TestMethod(file.Path, type.Identifier.Text, method.Identifier.Text, method);

    private IEnumerable<string> TraitsOf(string name) =>
        from attribute in Attributes(Syntax.AttributeLists)
            .Concat(Syntax.Ancestors().OfType<TypeDeclarationSyntax>()
                .SelectMany(type => Attributes(type.AttributeLists)))
        where attribute.Name.ToString() == "Trait"
        let arguments = attribute.ArgumentList!.Arguments
        where arguments[0].ToString() == $"\"{name}\""
        select arguments[1].ToString().Trim('"');

    private static bool IsMark(AttributeSyntax attribute) =>
        s_marks.Contains(attribute.Name.ToString(), StringComparer.Ordinal);

    private static IEnumerable<AttributeSyntax> Attributes(SyntaxList<AttributeListSyntax> lists) =>
        lists.SelectMany(list => list.Attributes);
}

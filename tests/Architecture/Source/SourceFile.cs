using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reeve.Tests.Architecture.Source;

/// <summary>One C# file of the repository and its syntax tree; parsed once for all rules.</summary>
internal sealed record SourceFile(string Path, string Text, CompilationUnitSyntax Root)
{
    private static readonly string[] s_folders = ["src", "tests", "fuzz", "bench", "eng"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> s_all = new(() =>
        [.. s_folders.SelectMany(folder => Repository.Files(folder, "*.cs")).Select(Parse)]);

    public static IReadOnlyList<SourceFile> All => s_all.Value;

    public static IEnumerable<SourceFile> Product => In("src/");

    public static IEnumerable<SourceFile> Tests => In("tests/");

    public static IEnumerable<SourceFile> In(string folder) =>
        All.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal));

    public IReadOnlyList<string> Lines => Text.Split('\n');

    public IEnumerable<T> Nodes<T>()
        where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    public static int LinesOf(SyntaxNode node)
    {
        var span = node.SyntaxTree.GetLineSpan(node.Span).Span;

        return span.End.Line - span.Start.Line + 1;
    }

    /// <summary>Parses text that is not in the repository, to show that a rule bites.</summary>
    public static SourceFile Of(string path, string text) =>
        new(path, text, CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot());

    private static SourceFile Parse(string path) => Of(path, Repository.Read(path));
}

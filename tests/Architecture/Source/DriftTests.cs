using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Reeve.Tests.Architecture.Source;

/// <summary>Size is where neglect shows first. A long one that deserves it is listed with its reason.</summary>
public sealed class DriftTests
{
    internal const int FunctionLinesMax = 70;
    private const int FileLinesMax = 400;
    private const int LineCharactersMax = 120;

    private static readonly string[] s_reminders = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" + "XX"];

    [Fact]
    public void No_function_is_longer_than_a_screen() =>
        Approved.ExceptionsMatch("long-function", SourceFile.All.SelectMany(LongFunctions));

    [Fact]
    public void No_file_needs_a_table_of_contents() =>
        Approved.ExceptionsMatch(
            "long-file",
            SourceFile.All.Where(file => file.Lines.Count > FileLinesMax + 1).Select(file => file.Path));

    [Fact]
    [Trait("Writes", "docs")]
    public void No_line_runs_off_the_page() =>
        Approved.ShrinksTo(
            "LongLines.approved.txt",
            [.. SourceFile.All.Where(file => file.Lines.Any(IsLong)).Select(file => file.Path)]);

    [Fact]
    public void No_reminder_is_left_behind() =>
        Approved.ExceptionsMatch("reminder", SourceFile.All.SelectMany(Reminders));

    [Fact]
    public void The_limits_bite_one_past_them()
    {
        var body = string.Concat(Enumerable.Repeat("\n", FunctionLinesMax - 2));
        var atLimit = SourceFile.Of("a.cs", $"class A {{ void M() {{{body}\n}} }}");
        var past = SourceFile.Of("a.cs", $"class A {{ void M() {{{body}\n\n}} }}");

        Assert.Empty(LongFunctions(atLimit));
        Assert.Equal(["a.cs#M"], LongFunctions(past));
    }

    private static bool IsLong(string line) => line.Length > LineCharactersMax;

    private static IEnumerable<string> LongFunctions(SourceFile file) =>
        from node in file.Root.DescendantNodes()
        let name = NameOf(node)
        where name is not null && SourceFile.LinesOf(node) > FunctionLinesMax
        select $"{file.Path}#{name}";

    private static string? NameOf(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax local => local.Identifier.Text,
        AccessorDeclarationSyntax accessor => accessor.Keyword.Text,
        OperatorDeclarationSyntax => "operator",
        _ => null,
    };

    private static IEnumerable<string> Reminders(SourceFile file) =>
        from line in file.Lines
        from word in s_reminders
        where line.Contains(word, StringComparison.Ordinal) && line.Contains("//", StringComparison.Ordinal)
        select $"{file.Path}#{word}";
}

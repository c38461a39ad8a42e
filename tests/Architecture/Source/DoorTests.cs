using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Xunit;

namespace Reeve.Tests.Architecture.Source;

/// <summary>The compiler refuses banned symbols; these rules watch the ways around the compiler.</summary>
public sealed class DoorTests
{
    private static readonly string[] s_clocks =
    [
        "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Guid.NewGuid",
        "Random.Shared", "Thread.Sleep",
    ];

    [Fact]
    [Trait("Req", "GATE-4")]
    public void Who_opens_the_world_outside_Doors_is_listed_with_a_reason() =>
        Approved.ExceptionsMatch("world", SourceFile.Product.Where(IsExcused).Select(file => file.Path));

    [Fact]
    public void Every_other_silenced_rule_is_listed_with_a_reason() =>
        Approved.ExceptionsMatch("silenced", SourceFile.All.SelectMany(Silenced));

    [Fact]
    [Trait("Req", "QUAL-5")]
    public void Being_excused_from_one_ban_does_not_excuse_from_the_clock() =>
        Assert.Empty(SourceFile.All.Where(IsExcused).SelectMany(Clocks));

    [Fact]
    [Trait("Req", "QUAL-1")]
    public void Whoever_catches_everything_is_listed_with_a_reason() =>
        Approved.ExceptionsMatch("catch-all", SourceFile.Product.SelectMany(CatchAlls));

    [Fact]
    public void Each_ban_names_its_replacement()
    {
        var mute = Repository.Files("eng", "BannedSymbols.*.txt")
            .SelectMany(list => Repository.Read(list).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Where(line => line.Split(';', 2) is not [_, { Length: >= 8 }]);

        Assert.Empty(mute);
    }

    [Theory]
    [InlineData("class A { void B() { try { } catch { } } }", 1)]
    [InlineData("class A { void B() { try { } catch (Exception) { } } }", 1)]
    [InlineData("class A { void B() { try { } catch (Exception e) when (e is IOException) { } } }", 0)]
    [InlineData("class A { void B() { try { } catch (IOException) { } } }", 0)]
    [InlineData("class A { void B() { try { } catch { C(); throw; } } }", 0)]
    [InlineData("class A { void B() { try { } catch { if (D) { throw; } } } }", 1)]
    public void A_catch_of_everything_is_seen(string text, int seen) =>
        Assert.Equal(seen, CatchAlls(SourceFile.Of("a.cs", text)).Count());

    private static bool IsExcused(SourceFile file) => Pragmas(file).Contains("RS0030", StringComparer.Ordinal);

    private static IEnumerable<string> Silenced(SourceFile file) =>
        Pragmas(file).Where(code => code != "RS0030")
            .Concat(file.Nodes<AttributeSyntax>()
                .Where(attribute => attribute.Name.ToString() is "SuppressMessage" or "UnconditionalSuppressMessage")
                .Select(attribute => $"{attribute.ArgumentList?.Arguments.ElementAtOrDefault(1)}".Trim('"')))
            .Select(code => $"{file.Path}#{code.Split(':')[0]}");

    private static IEnumerable<string> Pragmas(SourceFile file) =>
        file.Root.DescendantNodes(descendIntoTrivia: true).OfType<PragmaWarningDirectiveTriviaSyntax>()
            .Where(pragma => pragma.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword))
            .SelectMany(pragma => pragma.ErrorCodes.Count == 0
                ? ["everything"]
                : pragma.ErrorCodes.Select(code => code.ToString()));

    private static IEnumerable<string> Clocks(SourceFile file) =>
        file.Nodes<MemberAccessExpressionSyntax>()
            .Where(access => s_clocks.Contains(access.ToString(), StringComparer.Ordinal))
            .Select(access => $"{file.Path}#{access}");

    // What cleans up and lets the fault fly on swallows nothing.
    private static bool Rethrows(CatchClauseSyntax clause) =>
        clause.Block.Statements.LastOrDefault() is ThrowStatementSyntax { Expression: null };

    private static IEnumerable<string> CatchAlls(SourceFile file) =>
        file.Nodes<CatchClauseSyntax>()
            .Where(clause => clause.Filter is null && !Rethrows(clause))
            .Where(clause => clause.Declaration?.Type.ToString() is null or "Exception" or "System.Exception")
            .Select(_ => file.Path);
}

using System.Text;

namespace Reeve.Tests.Architecture.Claims;

/// <summary>docs/CLAIMS.md, made from the traits of the tests: one line a requirement.</summary>
/// <remarks>
/// Only a test that observes from outside counts as proof: Scenarios, Adversarial, Simulation. Unit and Architecture
/// tests support. The page counts what is written; that all of it passes is what the suite itself says.
/// </remarks>
internal static class ClaimsPage
{
    public const string Path = "docs/CLAIMS.md";

    private static readonly string[] s_proving = ["Scenarios", "Adversarial", "Simulation"];

    public static string Render(IReadOnlyList<Requirement> requirements, IReadOnlyList<TestMethod> tests)
    {
        var page = new StringBuilder();
        page.Append("# Claims\n\nMade by `./do docs` from the tests; do not edit. One line a requirement.\n\n");
        page.Append("- **proven**: a scenario, attack or simulation carries it and runs in `./do test`\n");
        page.Append("- **in part**: so is a part of it; what is named is not built\n");
        page.Append("- **open**: no such test; unit and architecture tests support a claim, they do not prove it\n");
        page.Append("- **written, never run**: the test needs what the suite's machine does not have\n\n");
        page.Append("| id | about | status | shown by | supported by |\n|---|---|---|---|---|\n");

        foreach (var requirement in requirements)
        {
            var named = tests.Where(test => test.Requirements.Contains(requirement.Id, StringComparer.Ordinal));
            page.Append(Line(requirement, [.. named]));
        }

        return page.ToString();
    }

    /// <param name="missing">What is not built, which no test can prove.</param>
    public static string StatusOf(IReadOnlyList<TestMethod> tests, string missing = "")
    {
        var proofs = tests.Where(IsProof).ToList();
        if (proofs.Count == 0)
        {
            return "open";
        }

        return proofs.All(test => test.NeverRun) ? "written, never run"
            : missing.Length > 0 ? $"in part; missing: {missing}" : "proven";
    }

    private static string Line(Requirement requirement, IReadOnlyList<TestMethod> tests)
    {
        var shown = tests.Where(IsProof).Select(Describe).Order(StringComparer.Ordinal);
        var supported = tests.Where(test => !IsProof(test)).GroupBy(test => test.Kind, StringComparer.Ordinal)
            .OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => $"{kind.Key} {kind.Count()}");

        var status = StatusOf(tests, requirement.Missing);

        return $"| {requirement.Id} | {requirement.About} | {status} | {string.Join("<br>", shown)} | "
            + $"{string.Join(", ", supported)} |\n";
    }

    private static bool IsProof(TestMethod test) => s_proving.Contains(test.Kind, StringComparer.Ordinal);

    private static string Describe(TestMethod test) =>
        $"{test.Kind}: {test.Class}.{test.Name}{(test.NeverRun ? " (never run)" : "")}";
}

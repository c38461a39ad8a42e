using System.Xml.Linq;
using Xunit;

namespace Reeve.Tests.Architecture;

public sealed class ProjectTests
{
    [Fact]
    [Trait("Req", "GATE-4")]
    public void Edges_between_projects_are_exactly_the_approved_ones() =>
        Approved.MatchesExactly("Edges.approved.txt", Named("ProjectReference", "->"));

    [Fact]
    public void A_project_uses_only_the_packages_approved_for_it() =>
        Approved.MatchesExactly(
            "Packages.approved.txt",
            Named("PackageReference", "uses").Concat(Named("FrameworkReference", "uses")));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var listed = XDocument.Parse(Repository.Read("Reeve.slnx")).Descendants("Project")
            .Select(project => project.Attribute("Path")!.Value);

        Assert.Equal(Repository.Files("", "*.csproj"), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_pinned_package_is_used()
    {
        var used = Repository.Files("", "*.csproj").SelectMany(path => Includes(path, "PackageReference"));
        var pinned = XDocument.Parse(Repository.Read("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value);

        Approved.ExceptionsMatch("pinned-not-used", pinned.Except(used, StringComparer.Ordinal));
    }

    // Tests and benchmarks see everything by nature, so their edges to src carry no information.
    private static IEnumerable<string> Named(string element, string verb) =>
        from path in Repository.Files("src", "*.csproj")
        from include in Includes(path, element)
        select $"{Path.GetFileNameWithoutExtension(path)} {verb} {NameOf(include)}";

    private static string NameOf(string include) =>
        include.EndsWith(".csproj", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(include) : include;

    private static IEnumerable<string> Includes(string path, string element) =>
        XDocument.Parse(Repository.Read(path)).Descendants(element)
            .Select(reference => reference.Attribute("Include")!.Value);
}

using System.Reflection;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Xunit;

namespace Reeve.Tests.Architecture;

public sealed class ProofTests
{
    private static readonly string[] s_projects =
        ["Authority", "Kernel", "Doors", "Storage", "Models", "Tools", "Hosting"];

    private static IEnumerable<Type> Types =>
        s_projects.SelectMany(project => Assembly.Load($"Reeve.{project}").GetTypes());

    [Fact]
    [Trait("Req", "GATE-4")]
    public void A_grant_is_made_only_by_its_issuer()
    {
        var open = Types.Where(type => type.IsClass && typeof(IGrant).IsAssignableFrom(type))
            .Where(type => IsElsewhere(type) || CanBeMadeByOthers(type))
            .Select(type => type.FullName!);

        Approved.ExceptionsMatch("open-grant", open);
    }

    [Fact]
    [Trait("Req", "GATE-4")]
    public void A_proof_has_no_constructor_but_its_issuers()
    {
        foreach (var name in Approved.Entries("Proofs.approved.txt"))
        {
            var proof = Types.SingleOrDefault(type => type.FullName == name);

            Assert.True(proof is not null, $"{name} is listed as a proof and does not exist.");
            Assert.True(proof.IsSealed && !proof.IsValueType, $"{name}: default(T) or a subclass would be a forgery.");
            Assert.Empty(proof.GetConstructors(BindingFlags.Public | BindingFlags.Instance));
            Assert.DoesNotContain(proof.GetMethods(), method => method.Name == "<Clone>$");
        }
    }

    [Fact]
    public void A_grant_interface_names_no_path_of_the_host()
    {
        var leaking = typeof(Problem).Assembly.GetTypes()
            .Where(type => type.IsInterface && type != typeof(IGrant) && typeof(IGrant).IsAssignableFrom(type))
            .SelectMany(type => type.GetMembers())
            .Where(member => member.Name.Contains("Absolute", StringComparison.Ordinal)
                || member.Name.Contains("FullPath", StringComparison.Ordinal)
                || member.Name.Contains("HostPath", StringComparison.Ordinal));

        Assert.Empty(leaking);
    }

    // A slice can neither see an internal class nor call an internal constructor; Doors and Kernel issue.
    private static bool CanBeMadeByOthers(Type type) =>
        (type.IsPublic || type.IsNestedPublic)
        && type.GetConstructors(BindingFlags.Public | BindingFlags.Instance).Length > 0;

    private static bool IsElsewhere(Type type) =>
        type.Assembly.GetName().Name is not ("Reeve.Doors" or "Reeve.Kernel");
}

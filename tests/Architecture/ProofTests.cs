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
    public void A_grant_is_an_internal_class_of_its_issuer()
    {
        var open = Types.Where(type => type.IsClass && typeof(IGrant).IsAssignableFrom(type))
            .Where(type => type.IsPublic || type.IsNestedPublic || IsElsewhere(type))
            .Select(type => type.FullName);

        Assert.Empty(open);
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

    private static bool IsElsewhere(Type type) => type.Assembly.GetName().Name != "Reeve.Doors";
}

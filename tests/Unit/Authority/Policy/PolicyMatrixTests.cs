using System.Text;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Unit.Authority.Policy;

public sealed class PolicyMatrixTests
{
    private static readonly (string Name, Effect Effect)[] s_effects =
    [
        ("finish", new(EffectKind.None, "")),
        ("read a file", new(EffectKind.ReadFile, "src/a.cs")),
        ("write a file", new(EffectKind.WriteFile, "src/a.cs")),
        ("delete a file", new(EffectKind.DeleteFile, "src/a.cs")),
        ("write .git/hooks", new(EffectKind.WriteFile, ".git/hooks/pre-commit")),
        ("write .reeve", new(EffectKind.WriteFile, ".reeve/policy.yaml")),
        ("path outside", new(EffectKind.ReadFile, "../a")),
        ("run a command", new(EffectKind.RunCommand, "make")),
        ("connect", new(EffectKind.Connect, "example.com:443")),
        ("spend", new(EffectKind.Spend, "")),
        ("send", new(EffectKind.Send, "")),
        ("remember", new(EffectKind.Remember, "")),
        ("delegate", new(EffectKind.Delegate, "")),
        ("apply", new(EffectKind.Apply, "")),
        ("host command", new(EffectKind.HostCommand, "make")),
        ("host command that reads", new(EffectKind.HostCommand, "ls")),
        ("use a secret", new(EffectKind.UseSecret, "key")),
        ("unknown", new(EffectKind.Unknown, "")),
    ];

    [Fact]
    public void Says_who_may_do_what_as_approved()
    {
        var approved = Path.Combine(Repository(), "tests/Unit/Authority/Policy/PolicyMatrix.approved.md");

        Assert.Equal(File.ReadAllText(approved), Print());
    }

    private static string Print()
    {
        var modes = Enum.GetValues<PermissionMode>();
        var page = new StringBuilder("# Who may do what\n\n"
            + "Printed by the engine: attended / unattended, without rules.\n\n");
        page.Append("| effect | ").AppendJoin(" | ", modes).Append(" |\n");
        page.Append('|').Append(string.Concat(Enumerable.Repeat("---|", modes.Length + 1))).Append('\n');

        foreach (var (name, effect) in s_effects)
        {
            var cells = modes.Select(mode => $"{Decide(mode, true, effect)} / {Decide(mode, false, effect)}");
            page.Append("| ").Append(name).Append(" | ").AppendJoin(" | ", cells).Append(" |\n");
        }

        return page.ToString();
    }

    private static Decision Decide(PermissionMode mode, bool canAsk, Effect effect) =>
        new PolicyEngine(Mandate.Default("m", "ada", canAsk, mode)).Decide("tool", [effect]).Decision;

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);

        while (!File.Exists(Path.Combine(folder.FullName, "Reeve.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder.FullName;
    }
}

using System.ComponentModel;
using Reeve.Authority;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Names a push to the gate, which asks for it and refuses a forced one in every mode.</summary>
/// <remarks>
/// The sandbox has neither network nor keys, so nothing is pushed from there: what was approved is refused with the
/// way that exists, a command of the host bridge.
/// </remarks>
public sealed class GitPushTool() : Tool<GitPushTool.Arguments>(ToolShapes.Default)
{
    public sealed record Arguments(
        [property: Description("The branch to push.")] string Branch,
        [property: Description("The remote repository, by its configured name.")] string Remote = "origin",
        [property: Description("Overwrite what is there. Always refused.")] bool Force = false);

    public override ToolSpec Spec { get; } = new(
        Name: "git_push",
        Summary: "Pushes a branch to a remote repository; a person is always asked, and force is refused. The "
            + "sandbox has no network, so this needs a command of the host bridge.",
        EffectClass: EffectClass.Once,
        Needs: []);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
    [
        new Effect(
            EffectKind.HostCommand,
            $"git push {(arguments.Force ? "--force " : "")}{GitNames.Reference(arguments.Remote, "remote")} "
                + GitNames.Reference(arguments.Branch, "branch")),
    ];

    protected override Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        _ = EffectsOf(arguments);
        Problem.ThrowUnless(!arguments.Force, "git.force_refused", "A forced push is refused in every mode.");
        Problem.Throw(
            "git.no_network",
            "The sandbox has no network and no keys. Configure git for the host bridge and push with host_command, or "
                + "apply the run and push its branch yourself.");

        return Task.FromResult<ToolOutput>(null!);
    }
}

using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Doors.Processes;
using Reeve.Doors.Vault;
using Reeve.Doors.Views;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Operator;

/// <summary>Runs one command as a run would: over a view of the folder, in the verified sandbox, then forgets the view.</summary>
internal static class SandboxExec
{
    private const int NameBytes = 8;

    public static async Task<CommandResult> RunAsync(
        SandboxCommand command, Settings settings, Action<OutputChunk> onOutput, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var name = new byte[NameBytes];
        new SystemEntropy().Fill(name);
        var directory = Path.Join(settings.Home, "exec", Convert.ToHexStringLower(name));
        using var user = RunUser.IsNeeded ? RunUser.Lease(Path.Join(settings.Home, "users")) : null;

        try
        {
            using var view = await new WorkspaceViews(time).OpenAsync(
                directory, command.Workspace, user?.Id, SandboxProfiles.ViewOf(settings.ViewKind), cancellationToken);
            var profile = SandboxProfiles.Of(
                With(settings.Sandbox, command.Limits), command.Workspace, EnvironmentVariables.Read());
            var root = SandboxRoot.Of(view.Mount.BindSource, user) with { LaunchPrefix = view.Mount.LaunchPrefix };
            using var issuer = new ProgramsIssuer(new SelfAttack(Path.Join(settings.Home, "attack"), time), time);
            var programs = issuer.Issue(profile, root, Label.BuiltIn);
            var result = await programs.RunAsync(new Command(command.Arguments), onOutput, cancellationToken);
            return result.Value;
        }
        finally
        {
            await WorkspaceViews.DiscardAsync(directory, CancellationToken.None);
        }
    }

    private static SandboxSettings With(SandboxSettings settings, SandboxOverrides flags) => settings with
    {
        WallSeconds = flags.WallSeconds ?? settings.WallSeconds,
        CpuSeconds = flags.CpuSeconds ?? settings.CpuSeconds,
        MemoryMegabytes = flags.MemoryMegabytes ?? settings.MemoryMegabytes,
        Processes = flags.Processes ?? settings.Processes,
        FileMegabytes = flags.FileMegabytes ?? settings.FileMegabytes,
        DiskMegabytes = flags.DiskMegabytes ?? settings.DiskMegabytes,
        OutputKilobytes = flags.OutputKilobytes ?? settings.OutputKilobytes,
    };
}

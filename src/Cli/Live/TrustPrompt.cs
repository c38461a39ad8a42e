using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Permissions;

namespace Reeve.Cli.Live;

/// <summary>Asks a person, once, whether to use what a folder brings along; elsewhere it says that it is
/// ignored.</summary>
internal sealed class TrustPrompt(World world, Settings settings)
{
    private Terminal Terminal => world.Terminal;

    public async Task LookAsync(string workspace, CancellationToken stop)
    {
        var trust = world.Tools.TrustOf(settings);
        var folder = trust.Look(workspace);

        if (folder.State is TrustState.Trusted or TrustState.NothingToTrust)
        {
            return;
        }

        var names = string.Join(", ", folder.Changed.Select(path => InertText.OneLine(path, 100)));
        var what = folder.State == TrustState.Changed ? "changed since you trusted it" : "is not trusted";

        if (Terminal.CanAsk && settings.Permissions.Mode is not ("dontAsk" or "daemon"))
        {
            Terminal.Error(
                new Piece("? This folder brings settings of its own, and ", Style.Warning), $"{what}: {names}");

            while (true)
            {
                var answer = await Terminal.AskAsync(
                    stop, new Piece("  use them? [y]es / [n]o / [s]how: ", Style.Warning));

                switch (answer?.Trim().ToLowerInvariant())
                {
                    case "y" or "yes":
                        world.Tools.TrustOf(settings).Trust(workspace, folder);
                        return;
                    case "s" or "show":
                        Show(folder);
                        break;
                    case "n" or "no" or null:
                        Terminal.Error(new Piece("  not used", Style.Dim));
                        return;
                    default:
                        break;
                }
            }
        }

        Terminal.Error(new Piece(
            $"! not used, because the folder {what}: {names} (`reeve trust` looks at it)", Style.Warning));
    }

    /// <summary>Every byte that would count, made harmless for a terminal.</summary>
    public void Show(TrustedFolder folder)
    {
        foreach (var (path, bytes) in folder.Files)
        {
            Terminal.Out(new Piece(InertText.OneLine(path, 300), Style.Bold),
                new Piece(folder.Changed.Contains(path) ? "  not trusted" : "", Style.Warning));

            foreach (var line in System.Text.Encoding.UTF8.GetString(bytes).Split('\n'))
            {
                Terminal.Out(new Piece("    " + InertText.OneLine(line, 400), Style.Dim));
            }
        }
    }
}

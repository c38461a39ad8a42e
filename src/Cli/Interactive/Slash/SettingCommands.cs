using Reeve.Cli.Screen;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Interactive.Slash;

/// <summary>The model, the mode and the rules of the session.</summary>
internal static class SettingCommands
{
    public static Task ModelAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        if (arguments.Length > 0)
        {
            // A name that nobody can answer to is refused now and not with the next prompt.
            desk.World.Tools.CheckModel(desk.Conversation.Settings, arguments);
            desk.Conversation.Set("model", "/model", arguments);
        }

        desk.Terminal.Out(new Piece("model  ", Style.Dim), desk.Conversation.Settings.Model ?? "none");
        return Task.CompletedTask;
    }

    public static Task ModeAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        if (arguments.Length > 0)
        {
            desk.Conversation.Set("permissions.mode", "/mode", arguments);
        }

        desk.Terminal.Out(
            new Piece("mode  ", Style.Dim), desk.Conversation.Settings.Permissions.Mode,
            new Piece($"   of {string.Join(", ", SettingKeys.Modes)}", Style.Dim));
        return Task.CompletedTask;
    }

    public static Task PermissionsAsync(SessionDesk desk, string arguments, CancellationToken stop)
    {
        var permissions = desk.Conversation.Settings.Permissions;
        desk.Terminal.Out(new Piece("mode  ", Style.Dim), permissions.Mode);

        foreach (var (word, rules) in ((string, IReadOnlyList<string>)[])
            [("allow", permissions.Allow), ("ask", permissions.Ask), ("deny", permissions.Deny),
                ("hidden", permissions.SecretFiles)])
        {
            foreach (var rule in rules)
            {
                desk.Terminal.Out(new Piece($"{word,-6} ", Style.Dim), InertText.OneLine(rule, 400));
            }
        }

        foreach (var kept in desk.Conversation.Host.KeptRules())
        {
            var where = kept.Workspace is null ? "always" : InertText.OneLine(kept.Workspace, 300);
            desk.Terminal.Out(
                new Piece("kept   ", Style.Dim), InertText.OneLine(kept.Rule, 400), new Piece($"  {where}", Style.Dim));
        }

        return Task.CompletedTask;
    }
}

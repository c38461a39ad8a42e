using System.Text;

namespace Reeve.Hosting.Configuration;

/// <summary>The page docs/reference/config.md, written from the keys themselves.</summary>
public static class ConfigReference
{
    public static string Markdown()
    {
        var page = new StringBuilder("""
            # Configuration

            Generated from the code; do not edit. What is further down in this list wins:
            built-in defaults, `/etc/reeve/config.yaml`, `~/.config/reeve/config.yaml` (or
            `$XDG_CONFIG_HOME/reeve/config.yaml`, or in its place the file that `REEVE_CONFIG` names), the profile that
            `profile` chooses (keys of this list under `profiles.NAME` in either file), the environment, flags. Nothing
            is read from the workspace. Unknown keys and wrong values are refused. `reeve config show` prints every
            value and where it comes from. In the environment a list has one item a line.

            | key | must be | default | environment | flag | meaning |
            |---|---|---|---|---|---|

            """);

        foreach (var key in SettingKeys.All)
        {
            var variables = key.Environment.Append(EnvironmentSettings.VariableOf(key))
                .Distinct(StringComparer.Ordinal);
            var preset = key.Default.Length > 0 ? $"`{key.Default}`" : "–";
            var flag = key.Flag.Length > 0 ? $"`{key.Flag}`" : "–";
            var environment = key.Kind is SettingKind.Prices or SettingKind.Hooks
                ? "–"
                : string.Join(", ", variables.Select(variable => $"`{variable}`"));
            page.Append($"| `{key.Name}` | {key.Expected} | {preset} | {environment} | {flag} | {key.Meaning} |\n");
        }

        return page.ToString();
    }
}

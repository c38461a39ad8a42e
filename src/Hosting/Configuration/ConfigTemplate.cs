using System.Text;

namespace Reeve.Hosting.Configuration;

/// <summary>The commented configuration that <c>reeve init</c> writes: every key, as a comment, with its
/// default.</summary>
/// <remarks>Written from the keys themselves. As it stands it changes nothing, and each key that is uncommented
/// holds its
/// default.</remarks>
public static class ConfigTemplate
{
    private const int WidthMax = 110;

    public static string Yaml()
    {
        var page = new StringBuilder("""
            # Configuration of Reeve. Each key stands here with its default; take the # away from those you change.
            # `reeve config show` prints what is in force, and where it comes from. Names in <…> are yours to give.

            """);
        Append(page, SettingKeys.All.Select(key => (Parts: key.Name.Split('.'), Key: key)).ToList(), "",
            isComment: false);
        page.Append("""

            # Keys that hold together under a name; --profile NAME or REEVE_PROFILE chooses one.
            profiles:
              #careful:
              #  permissions:
              #    mode: manual

            """);
        return page.ToString();
    }

    private static void Append(
        StringBuilder page, IReadOnlyList<(string[] Parts, SettingKey Key)> keys, string indent, bool isComment)
    {
        foreach (var section in keys.GroupBy(key => key.Parts[0]))
        {
            if (section.First() is { Parts.Length: 1 } leaf)
            {
                AppendKey(page, leaf.Key, section.Key, indent);
                continue;
            }

            var isOpen = section.Key == "*";
            page.Append(indent.Length == 0 ? "\n" : "");
            page.Append($"{indent}{(isComment || isOpen ? "#" : "")}{(isOpen ? "<name>" : section.Key)}:\n");
            Append(
                page, section.Select(key => (key.Parts[1..], key.Key)).ToList(), indent + "  ", isComment || isOpen);
        }
    }

    private static void AppendKey(StringBuilder page, SettingKey key, string name, string indent)
    {
        page.Append(indent.Length == 0 ? "\n" : "");
        var variables = key.Environment.Count > 0 ? $" Environment: {string.Join(", ", key.Environment)}." : "";
        AppendComment(page, $"{key.Meaning} Must be {key.Expected}.{variables}", indent);

        // A secret is refused in a file: here stands only that there is such a key.
        page.Append(key.Kind == SettingKind.Secret ? "" : $"{indent}#{name}:{ValueOf(key)}\n");
    }

    private static string ValueOf(SettingKey key) => key switch
    {
        { Default.Length: 0 } => "",
        { Kind: SettingKind.TextList } => $" [\"{key.Default}\"]",
        _ => $" {key.Default}",
    };

    private static void AppendComment(StringBuilder page, string text, string indent)
    {
        var line = new StringBuilder();

        foreach (var word in text.Split(' '))
        {
            if (indent.Length + line.Length + word.Length + 3 > WidthMax)
            {
                page.Append($"{indent}# {line}\n");
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        page.Append($"{indent}# {line}\n");
    }
}

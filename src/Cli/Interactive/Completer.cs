using Reeve.Cli.Interactive.Editing;
using Reeve.Cli.Interactive.Slash;
using Reeve.Hosting;
using Reeve.Hosting.Configuration;

namespace Reeve.Cli.Interactive;

/// <summary>Completes slash commands, the values of some, and <c>@</c> paths of the folder.</summary>
internal sealed class Completer(OperatorWorkspace files, Func<Settings> settings) : ICompleter
{
    public Completion Complete(string textToCursor)
    {
        var start = textToCursor.LastIndexOfAny([' ', '\n']) + 1;
        var word = textToCursor[start..];

        return word is ['@', ..] ? Paths(start, word[1..])
            : textToCursor is not ['/', ..] ? Completion.None
            : start == 0 ? Among(0, word, SlashTable.All.Select(command => $"/{command.Name}"))
            : textToCursor[..start].TrimEnd() switch
            {
                "/mode" => Among(start, word, SettingKeys.Modes),
                "/model" => Among(start, word, Models()),
                _ => Completion.None,
            };
    }

    private IEnumerable<string> Models()
    {
        var now = settings();
        return now.Fallback.Concat(now.Prices.Select(price => $"{price.Provider}/{price.Model}"))
            .Concat(now.Model is { } model ? [model] : [])
            .Concat(now.Providers.Keys.Select(provider => provider + "/"))
            .Distinct(StringComparer.Ordinal);
    }

    private Completion Paths(int start, string path)
    {
        var slash = path.LastIndexOf('/');
        var folder = slash < 0 ? "." : path[..slash];
        var names = slash == 0 ? [] : files.Names(folder);
        return Among(start, $"@{path}", names.Select(name => $"@{path[..(slash + 1)]}{name}"));
    }

    private static Completion Among(int from, string word, IEnumerable<string> known) => new(
        from,
        [
            .. known.Where(text => text.StartsWith(word, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).Take(Completion.CandidatesMax),
        ]);
}

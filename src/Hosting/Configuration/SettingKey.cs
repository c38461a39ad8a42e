namespace Reeve.Hosting.Configuration;

/// <summary>A key of the configuration: its type, its bounds, its default and what it means.</summary>
/// <param name="Name">Dotted; a star stands for a name the operator gives.</param>
/// <param name="Default">As it would be written; empty for none.</param>
/// <param name="Meaning">One sentence for the reference.</param>
public sealed record SettingKey(string Name, SettingKind Kind, string Default, string Meaning)
{
    public long Min { get; init; }

    public long Max { get; init; } = long.MaxValue;

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Variables of the environment that set it, besides the general form.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The flag of the command line that sets it; empty for none.</summary>
    public string Flag { get; init; } = "";

    /// <summary>What a value must be, in words.</summary>
    public string Expected => Kind switch
    {
        SettingKind.Text => "text",
        SettingKind.Secret => "text, from the environment",
        SettingKind.Choice => "one of " + string.Join(", ", Choices),
        SettingKind.Integer => $"a whole number from {Min} to {Max}",
        SettingKind.Money => "a number of dollars from 0 to 1000000",
        SettingKind.Url => "an http or https address",
        SettingKind.Path => "an absolute path",
        SettingKind.TextList => "a list of texts",
        SettingKind.Hooks => "a list of hooks",
        _ => "a list of prices",
    };

    public bool Matches(string name)
    {
        var given = name.Split('.');
        var parts = Name.Split('.');

        return given.Length == parts.Length
            && parts.Zip(given).All(pair => pair.First == pair.Second || (pair.First == "*" && IsName(pair.Second)));
    }

    /// <summary>True when deeper keys begin with this name.</summary>
    public bool IsBelow(string name)
    {
        var given = name.Split('.');
        var parts = Name.Split('.');

        return given.Length < parts.Length
            && parts.Zip(given).All(pair => pair.First == pair.Second || (pair.First == "*" && IsName(pair.Second)));
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= 32
            && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}

public enum SettingKind
{
    Text = 0,
    Secret,
    Choice,
    Integer,
    Money,
    Url,
    Path,
    TextList,
    Prices,
    Hooks,
}

namespace Reeve.Authority.Policy.Programs;

/// <summary>What is known of one program, or of one of its subcommands.</summary>
internal sealed class ProgramEntry(string name)
{
    private readonly Dictionary<string, ProgramOption> _options = new(StringComparer.Ordinal);
    private readonly List<ProgramOption> _words = [];

    public string Name { get; } = name;

    public ProgramKind Kind { get; set; }

    /// <summary>None of its options starts or writes anything, so no argument can.</summary>
    public bool HasOnlyHarmlessOptions =>
        _options.Values.Concat(_words).All(option => option.Effect is OptionEffect.Safe or OptionEffect.File);

    public void Add(ProgramOption option)
    {
        if (option.Name.StartsWith('-') && option.Name.Length > 1)
        {
            _options[option.Name] = option;
        }
        else
        {
            _words.Add(option);
        }
    }

    public void Take(ProgramEntry other)
    {
        foreach (var option in other._options.Values.Concat(other._words))
        {
            Add(option);
        }
    }

    /// <summary>The option of exactly this name, with its dashes.</summary>
    public ProgramOption? Find(string option) => _options.GetValueOrDefault(option);

    /// <summary>An option that a shortened long name may mean and that starts or writes something.</summary>
    public ProgramOption? FindShortened(string start) => start.Length < 3
        ? null
        : _options.Values.FirstOrDefault(option => option.Effect != OptionEffect.Safe
            && option.Name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>A plain word, or the beginning of one, that starts something, as <c>+command</c>.</summary>
    public ProgramOption? FindWord(string word) => _words.FirstOrDefault(option =>
        option.Name == "+" || option.TakesValue
            ? word.StartsWith(option.Name, StringComparison.Ordinal)
            : word == option.Name);
}

/// <param name="Name">With its dashes, without the sign that says whether it takes a value.</param>
internal sealed record ProgramOption(
    string Name, OptionEffect Effect, bool TakesValue, bool MayHaveValue, bool TakesTwo = false)
{
    public static ProgramOption Parse(string text, OptionEffect effect)
    {
        var takesTwo = text.EndsWith("==", StringComparison.Ordinal);
        text = takesTwo ? text[..^1] : text;
        var takesValue = text.EndsWith('=');
        var mayHaveValue = text.EndsWith('?');
        var name = takesValue || mayHaveValue ? text[..^1] : text;

        return new ProgramOption(name is "SHELL" ? "SHELL=" : name, effect, takesValue, mayHaveValue, takesTwo);
    }
}

internal enum OptionEffect
{
    Safe = 0,
    File,
    Write,
    Execute,
}

/// <summary>What the arguments of a program are that are no options; programs.txt says it in words.</summary>
internal enum ProgramKind
{
    Own = 0,
    Text,
    None,
    Names,
    Content,
    Pattern,
    Single,
    Digits,
    Rule,
    RuleLong,
    Group,
}

using System.Collections.Frozen;

namespace Reeve.Tools.Symbols;

/// <summary>The languages whose symbols are found, by the ends of file names.</summary>
internal enum SourceLanguage
{
    None = 0,
    CSharp,
    Python,
    JavaScript,
    Go,
    Rust,
    Java,
    C,
}

/// <summary>What the scanner knows of a language: its words that declare, and its words that are no names.</summary>
internal static class SourceLanguages
{
    private static readonly FrozenDictionary<string, SourceLanguage> s_byEnd =
        new (SourceLanguage Language, string Ends)[]
        {
            (SourceLanguage.CSharp, "cs"),
            (SourceLanguage.Python, "py pyi"),
            (SourceLanguage.JavaScript, "js mjs cjs jsx ts tsx mts cts"),
            (SourceLanguage.Go, "go"),
            (SourceLanguage.Rust, "rs"),
            (SourceLanguage.Java, "java"),
            (SourceLanguage.C, "c h cc cpp cxx hpp hh hxx"),
        }
        .SelectMany(each => each.Ends.Split(' ').Select(end => KeyValuePair.Create(end, each.Language)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<(SourceLanguage, string), string> s_declaring =
        new (SourceLanguage Language, string Words)[]
        {
            (SourceLanguage.CSharp, "class struct interface enum record namespace"),
            (SourceLanguage.Python, "class def=function"),
            (SourceLanguage.JavaScript, "class function interface type enum namespace const=variable let=variable "
                + "var=variable"),
            (SourceLanguage.Go, "func=function type const=constant var=variable"),
            (SourceLanguage.Rust, "fn=function struct enum trait union mod=module type const=constant "
                + "static=variable impl macro_rules=macro"),
            (SourceLanguage.Java, "class interface enum record"),
            (SourceLanguage.C, "class struct union enum namespace"),
        }
        .SelectMany(each => each.Words.Split(' ').Select(word => word.Split('=')).Select(parts =>
            KeyValuePair.Create((each.Language, parts[0]), parts[^1])))
        .ToFrozenDictionary();

    // Words that may stand before a bracket or a name and make neither a method nor a type of it.
    private static readonly FrozenSet<string> s_noNames = (
        "if else for foreach while do switch case return throw new await yield catch using lock fixed sizeof typeof "
        + "nameof default delete in is as instanceof import export from package extends implements throws where when "
        + "and or not goto typeid decltype alignof static_assert defined super base elif except with lambda del assert "
        + "match synchronized try finally checked unchecked stackalloc operator function get set init")
        .Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static SourceLanguage Of(string path) =>
        s_byEnd.GetValueOrDefault(path[(path.LastIndexOf('.') + 1)..]);

    public static string? Declares(SourceLanguage language, string word) =>
        s_declaring.GetValueOrDefault((language, word));

    public static bool IsNoName(string word) => s_noNames.Contains(word);
}

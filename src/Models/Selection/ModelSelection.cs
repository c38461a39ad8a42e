using Reeve.Authority;

namespace Reeve.Models.Selection;

/// <summary>Which model is meant, as <c>provider/name</c>. The name may contain slashes; a script's name is its
/// path.</summary>
public sealed record ModelSelection
{
    public const int CharactersMax = 1_024;

    private ModelSelection(string provider, string name)
    {
        Provider = provider;
        Name = name;
    }

    public string Provider { get; }

    public string Name { get; }

    /// <exception cref="ProblemException"><c>model.name_invalid</c>.</exception>
    public static ModelSelection Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        Problem.ThrowUnless(
            slash > 0 && slash < text.Length - 1 && text.Length <= CharactersMax && !text.Any(char.IsControl),
            "model.name_invalid",
            "Name a model as provider/name, for example ollama/NAME, openai/NAME, anthropic/NAME or scripted/FILE.");

        return new ModelSelection(text[..slash].ToLowerInvariant(), text[(slash + 1)..]);
    }

    public override string ToString() => $"{Provider}/{Name}";
}

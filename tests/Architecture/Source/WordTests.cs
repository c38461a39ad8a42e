using Xunit;

namespace Reeve.Tests.Architecture.Source;

/// <summary>The text belongs to the product alone: no registry, no machine, no folder of whoever wrote it.</summary>
public sealed class WordTests
{
    // Each is written in two parts, so that this file does not find itself.
    private static readonly string[] s_words =
    [
        "nuget" + ".org", "npmjs" + ".com", "npmjs" + ".org", "pypi" + ".org", "pythonhosted" + ".org",
        "proxy" + ".golang", "crates" + ".io", "maven" + ".org", "rubygems" + ".org", "deb." + "debian.org",
        "artifact" + "ory", "/wo" + "rk/", "/tmp" + "/wt", "/home" + "/runner", "C:\\U" + "sers",
    ];

    private static readonly string[] s_patterns =
    [
        "*.cs", "*.md", "*.txt", "*.csproj", "*.props", "*.targets", "*.yaml", "*.yml", "*.json", "*.sh", "*.py", "do",
        "run",
    ];

    [Fact]
    public void No_file_names_a_registry_or_a_machine()
    {
        var named =
            from pattern in s_patterns
            from path in Repository.Files("", pattern)
            let text = Repository.Read(path)
            from word in s_words
            where text.Contains(word, StringComparison.OrdinalIgnoreCase)
            select $"{path}#{word}";

        Approved.ExceptionsMatch("foreign-word", named);
    }
}

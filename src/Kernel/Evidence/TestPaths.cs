namespace Reeve.Kernel.Evidence;

/// <summary>Tells files that checks read as tests by the names that the common runners look for.</summary>
public static class TestPaths
{
    private static readonly string[] s_folders = ["test", "tests", "__tests__", "spec", "specs", "testdata", "e2e"];

    private static readonly string[] s_configurations =
    [
        "conftest.py", "pytest.ini", "tox.ini", "jest.config.js", "jest.config.ts", "vitest.config.ts",
        "karma.conf.js", ".mocharc.json", "phpunit.xml",
    ];

    public static bool IsTest(string path)
    {
        var parts = path.Split('/');
        var name = parts[^1];
        var stem = name.Contains('.', StringComparison.Ordinal)
            ? name[..name.IndexOf('.', StringComparison.Ordinal)]
            : name;

        return parts[..^1].Any(part => s_folders.Contains(part, StringComparer.OrdinalIgnoreCase))
            || s_configurations.Contains(name, StringComparer.Ordinal)
            || stem.StartsWith("test_", StringComparison.Ordinal)
            || stem.EndsWith("_test", StringComparison.Ordinal)
            || stem.EndsWith("_spec", StringComparison.Ordinal)
            || stem.EndsWith("Test", StringComparison.Ordinal)
            || stem.EndsWith("Tests", StringComparison.Ordinal)
            || name.Contains(".test.", StringComparison.Ordinal)
            || name.Contains(".spec.", StringComparison.Ordinal);
    }
}

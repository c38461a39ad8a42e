using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Tools.Builds;

/// <summary>Knows the stacks, and which of them a folder is of by the names of its files.</summary>
internal static class BuildStacks
{
    public const int EntriesMax = 50_000;

    /// <summary>In this order: of several the first one is taken, and make drives any of the others.</summary>
    private static readonly (string Stack, string[] Marks)[] s_marks =
    [
        ("dotnet", ["*.slnx", "*.sln", "*.csproj", "*.fsproj"]),
        ("cargo", ["Cargo.toml"]),
        ("go", ["go.mod"]),
        ("npm", ["package.json"]),
        ("python", ["pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "requirements.txt", "*.py"]),
        ("make", ["GNUmakefile", "makefile", "Makefile"]),
    ];

    public static IReadOnlyList<string> All { get; } = [.. s_marks.Select(each => each.Stack)];

    public static void ThrowUnlessKnown(string stack) => Problem.ThrowUnless(
        stack.Length == 0 || All.Contains(stack, StringComparer.Ordinal),
        "argument.invalid",
        $"stack is one of {string.Join(", ", All)}, or left out.");

    /// <summary>The stacks of a folder, by its own files.</summary>
    public static IReadOnlyList<string> Detect(IWorkspaceFiles files, string directory)
    {
        var names = files.List(directory, EntriesMax).Value
            .Where(entry => entry.Kind == FileKind.Regular)
            .Select(entry => entry.Path[(entry.Path.LastIndexOf('/') + 1)..])
            .ToList();

        return
        [
            .. s_marks.Where(each => each.Marks.Any(mark => names.Exists(name => IsMatch(mark, name))))
                .Select(each => each.Stack),
        ];
    }

    private static bool IsMatch(string mark, string name) => mark.StartsWith('*')
        ? name.EndsWith(mark[1..], StringComparison.Ordinal)
        : string.Equals(name, mark, StringComparison.Ordinal);
}

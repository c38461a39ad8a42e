using System.Text;

namespace Reeve.Cli.Output;

/// <summary>A skeleton of AGENTS.md, with the commands that the files of a folder call for.</summary>
internal static class NotesTemplate
{
    private static readonly IReadOnlyList<(string File, string Commands)> s_known =
    [
        ("package.json", "- `npm ci`, `npm test`"),
        ("Cargo.toml", "- `cargo build`, `cargo test`, `cargo clippy`"),
        ("go.mod", "- `go build ./...`, `go test ./...`, `go vet ./...`"),
        ("pyproject.toml", "- `python3 -m pytest`"),
        ("global.json", "- `dotnet build`, `dotnet test`"),
        ("Makefile", "- `make`, `make test`"),
    ];

    /// <param name="has">Whether a file of that name is in the folder.</param>
    public static string Of(Func<string, bool> has)
    {
        var notes = new StringBuilder("""
            # Notes for agents

            Agents read this file before they work here, and the AGENTS.md of a subfolder when they come to it; the
            nearest one wins. It informs them; it grants nothing.

            ## What this is

            <!-- One paragraph: what the project does, and for whom. -->

            ## Build and test


            """);
        var commands = s_known.Where(known => has(known.File)).Select(known => known.Commands).ToList();
        notes.AppendJoin('\n', commands.Count > 0 ? commands : ["<!-- The commands that build, test and lint. -->"]);
        return notes.Append("""


            ## Where things are

            <!-- The folders that matter, a line each. -->

            ## Rules of this project

            <!-- What a newcomer would get wrong: style, what never to touch, what a finished change looks like. -->

            """).ToString();
    }
}

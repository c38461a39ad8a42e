using System.ComponentModel;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;
using Reeve.Tools.Files;
using Reeve.Tools.Search;

namespace Reeve.Tools.Symbols;

/// <summary>Lets an agent find where something is declared and where it is used, in seven languages.</summary>
/// <remarks>Comments and texts do not count. Files, bytes and results are bounded, and the answer says what was left
/// out.</remarks>
public sealed class SymbolsTool() : Tool<SymbolsTool.Arguments>(ToolShapes.Default)
{
    public const int ResultsMax = 500;
    public const int FilesMax = 20_000;
    public const int FileBytesMax = 2 * 1024 * 1024;
    public const long BytesMax = 128L * 1024 * 1024;
    public const int NameCharsMax = 200;

    public sealed record Arguments(
        [property: Description("The exact name; with declarations, empty for all, or its beginning with * at the end.")]
        string Name = "",
        [property: Description("File or directory to search, relative to the workspace.")] string Path = ".",
        [property: Description("declarations, or references for every use of the name.")] string Find = "declarations",
        [property: Description("Only this kind, as class, interface, function, method, property or enum_member.")]
        string Kind = "",
        [property: Description("How many lines to return at most, 1 to 500.")] int MaxResults = 100);

    public override ToolSpec Spec { get; } = new(
        Name: "symbols",
        Summary: "Finds declarations of classes, functions, methods and so on, or all references to a name, in C#, "
            + "Python, JavaScript, TypeScript, Go, Rust, Java, C and C++. Returns path:line:kind:container.name. "
            + "With a path of one file and no name it is the outline of that file.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        ThrowUnlessValid(arguments);
        var files = context.Grant<IWorkspaceFiles>();
        var walk = new WorkspaceWalk(files, includeIgnored: false);
        var start = files.Stat(arguments.Path);
        walk.Join(start.Label);
        var search = new Search(arguments);

        if (start.Value.Kind == FileKind.Regular)
        {
            await search.LookAsync(files, start.Value with { Path = arguments.Path }, walk, cancellationToken);
        }
        else
        {
            await foreach (var (entry, _) in walk.EntriesAsync(arguments.Path, int.MaxValue, cancellationToken))
            {
                if (search.IsFull)
                {
                    break;
                }

                if (entry.Kind == FileKind.Regular)
                {
                    await search.LookAsync(files, entry, walk, cancellationToken);
                }
            }
        }

        return new ToolOutput(search.Finish(walk), walk.Label);
    }

    private static void ThrowUnlessValid(Arguments arguments)
    {
        Problem.ThrowUnless(
            arguments.MaxResults is >= 1 and <= ResultsMax, "argument.invalid", $"maxResults is 1 to {ResultsMax}.");
        Problem.ThrowUnless(
            arguments.Find is "declarations" or "references",
            "argument.invalid",
            "find is declarations or references.");
        var name = arguments.Name.EndsWith('*') && arguments.Find == "declarations"
            ? arguments.Name[..^1] : arguments.Name;
        Problem.ThrowUnless(
            name.Length <= NameCharsMax
                && (name.Length > 0 || arguments.Find == "declarations")
                && name.All(letter => char.IsLetterOrDigit(letter) || letter is '_' or '$' or '.'),
            "argument.invalid",
            $"name is one name of at most {NameCharsMax} characters; references need one.");
    }

    private sealed class Search(Arguments arguments)
    {
        private readonly StringBuilder _page = new();
        private int _results;
        private int _files;
        private long _bytes;
        private int _tooLarge;
        private int _unreadable;

        public bool IsFull => _results > arguments.MaxResults || _files >= FilesMax || _bytes >= BytesMax;

        public async Task LookAsync(
            IWorkspaceFiles files, FileEntry entry, WorkspaceWalk walk, CancellationToken cancellationToken)
        {
            var language = SourceLanguages.Of(entry.Path);

            if (language == SourceLanguage.None || entry.Bytes > FileBytesMax)
            {
                _tooLarge += language == SourceLanguage.None ? 0 : 1;
                return;
            }

            try
            {
                var read = await FileText.ReadAsync(files, entry.Path, cancellationToken, FileBytesMax);
                walk.Join(read.Label);
                _files++;
                _bytes += read.Value.Length;
                Look(entry.Path, Encoding.UTF8.GetString(read.Value.Span), language);
            }
            catch (ProblemException)
            {
                _unreadable++;
            }
        }

        public string Finish(WorkspaceWalk walk)
        {
            Note(_results == 0, "nothing found");
            Note(_results > arguments.MaxResults, $"cut after {arguments.MaxResults} lines; narrow name, kind or path");
            Note(_files >= FilesMax, $"cut after {FilesMax} files");
            Note(_bytes >= BytesMax, $"cut after {BytesMax} bytes");
            Note(walk.IsCut, $"cut after {WorkspaceWalk.EntriesMax} entries");
            Note(_tooLarge > 0, $"{_tooLarge} files above {FileBytesMax} bytes were not searched");
            Note(_unreadable + walk.Unreadable > 0, $"{_unreadable + walk.Unreadable} entries could not be read");

            return _page.ToString();
        }

        private void Look(string path, string text, SourceLanguage language)
        {
            // Most files do not have the name in them at all.
            var name = arguments.Name.TrimEnd('*');

            if (name.Length > 0 && !text.Contains(name, StringComparison.Ordinal))
            {
                return;
            }

            var found = arguments.Find == "references"
                ? SymbolScanner.Uses(text, language, name)
                : SymbolScanner.Declarations(text, language).Where(IsSought);

            foreach (var symbol in found.Where(each => arguments.Kind.Length == 0 || each.Kind == arguments.Kind))
            {
                if (++_results > arguments.MaxResults)
                {
                    return;
                }

                var container = symbol.Container.Length > 0 ? symbol.Container + "." : "";
                _page.Append(path).Append(':').Append(symbol.Line).Append(':').Append(symbol.Kind).Append(':')
                    .Append(container).Append(symbol.Name).Append('\n');
            }
        }

        private bool IsSought(Symbol symbol) => arguments.Name switch
        {
            "" => true,
            [.. var start, '*'] => symbol.Name.StartsWith(start, StringComparison.Ordinal),
            var name => symbol.Name == name,
        };

        private void Note(bool isTrue, string sentence)
        {
            if (isTrue)
            {
                _page.Append('[').Append(sentence).Append("]\n");
            }
        }
    }
}

using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Kernel.Tools;

namespace Reeve.Tools.Git;

/// <summary>Lets an agent see which commit each line of a file comes from (git-blame(1), porcelain).</summary>
public sealed class GitBlameTool() : Tool<GitBlameTool.Arguments>(ToolShapes.Default)
{
    public const int LinesMax = 500;

    public sealed record Arguments(
        [property: Description("Path of the file, relative to the workspace.")] string Path,
        [property: Description("First line; the first line of a file is 1.")] int FromLine = 1,
        [property: Description("How many lines, 1 to 500.")] int LineCount = 100);

    public override ToolSpec Spec { get; } = new(
        Name: "git_blame",
        Summary: "Shows for each line of a file the commit, author, date and subject that it comes from, as JSON. "
            + "A commit of zeros stands for changes that are not committed.",
        EffectClass: EffectClass.Pure,
        Needs: [typeof(IPrograms), typeof(IWorkspaceFiles)]);

    protected override IReadOnlyList<Effect> EffectsOf(Arguments arguments) =>
        [new Effect(EffectKind.ReadFile, arguments.Path)];

    protected override async Task<ToolOutput> RunAsync(
        Arguments arguments, ToolContext context, CancellationToken cancellationToken)
    {
        Problem.ThrowUnless(arguments.FromLine >= 1, "argument.invalid", "fromLine counts from 1.");
        Problem.ThrowUnless(
            arguments.LineCount is >= 1 and <= LinesMax, "argument.invalid", $"lineCount is 1 to {LinesMax}.");

        var entry = context.Grant<IWorkspaceFiles>().Stat(arguments.Path).Value;
        Problem.ThrowUnless(entry.Kind == FileKind.Regular, "file.not_regular", "Only a file has lines.");
        var answer = await GitRepository.RunAsync(
            context,
            ["blame", "--porcelain", "-L", $"{arguments.FromLine},+{arguments.LineCount}", "--", arguments.Path],
            cancellationToken);

        return answer.IsDone ? new ToolOutput(Write(answer), answer.Label) : answer.Failure();
    }

    private static string Write(GitAnswer answer)
    {
        var commits = new Dictionary<string, Commit>(StringComparer.Ordinal);
        var lines = new List<(int Number, string Commit, string Text)>();
        var (id, number) = ("", 0);

        foreach (var line in answer.Text.Split('\n'))
        {
            var words = line.Split(' ', 2);

            if (line.StartsWith('\t'))
            {
                lines.Add((number, id, line[1..]));
            }
            else if (words is [{ Length: 40 or 64 }, var rest] && rest.Split(' ') is [_, var final, ..])
            {
                id = words[0];
                _ = int.TryParse(final, NumberStyles.None, CultureInfo.InvariantCulture, out number);
                commits.TryAdd(id, new Commit());
            }
            else if (words is [var key, var value] && commits.TryGetValue(id, out var commit))
            {
                commits[id] = commit.With(key, value);
            }
        }

        return JsonPage.Write(json =>
        {
            json.WriteList("commits", commits, WriteCommit);
            json.WriteList("lines", lines, (writer, line) => writer.WriteObject(entry =>
            {
                entry.WriteNumber("line", line.Number);
                entry.WriteString("commit", line.Commit[..12]);
                entry.WriteString("text", line.Text);
            }));
            json.WriteBoolean("truncated", answer.IsCut);
        });
    }

    private static void WriteCommit(Utf8JsonWriter json, KeyValuePair<string, Commit> commit) =>
        json.WriteObject(entry =>
        {
            entry.WriteString("commit", commit.Key[..12]);
            entry.WriteString("author", commit.Value.Author);
            entry.WriteString("date", commit.Value.Date);
            entry.WriteString("subject", commit.Value.Subject);
        });

    private sealed record Commit(string Author = "", string Date = "", string Subject = "")
    {
        public Commit With(string key, string value) => key switch
        {
            "author" => this with { Author = value },
            "author-time" when long.TryParse(value, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 0 and < 253_402_300_800 =>
                this with { Date = DateOf(seconds) },
            "summary" => this with { Subject = value },
            _ => this,
        };

        private static string DateOf(long seconds) =>
            DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("O", CultureInfo.InvariantCulture);
    }
}

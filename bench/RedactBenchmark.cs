using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Reeve.Authority.Secrets;

namespace Reeve.Bench;

/// <summary>The redactor over generated logs and source, against a vectorised prefilter in front of
/// expressions.</summary>
internal static class RedactBenchmark
{
    private const int Megabytes = 16;

    /// <summary>A few shapes that anybody knows; ours looks for more than ten times as many.</summary>
    private static readonly (string Anchor, string Pattern)[] s_shapes =
    [
        ("AKIA", "AKIA[0-9A-Z]{16}"), ("ghp_", "ghp_[A-Za-z0-9]{36}"), ("sk-", "sk-[A-Za-z0-9_-]{20,}"),
        ("xoxb-", "xoxb-[0-9A-Za-z-]{20,}"), ("eyJ", @"eyJ[\w-]+\.[\w-]+\.[\w-]+"),
        ("-----BEGIN", "-----BEGIN [A-Z ]*PRIVATE KEY-----"), ("password", @"password\s*[=:]\s*\S{8,}"),
        ("api_key", @"api_key\s*[=:]\s*\S{8,}"), ("token", @"token\s*[=:]\s*\S{16,}"),
        ("glpat-", "glpat-[A-Za-z0-9_-]{20}"),
    ];

    private static readonly SearchValues<string> s_anchors = SearchValues.Create(
        [.. s_shapes.Select(shape => shape.Anchor)], StringComparison.Ordinal);

    private static readonly Regex s_any = new(
        string.Join('|', s_shapes.Select(shape => $"(?:{shape.Pattern})")), RegexOptions.NonBacktracking);

    public static async Task RunAsync()
    {
        var logs = Generate(LogLine);
        var source = Generate(SourceLine);

        foreach (var (name, text) in new[] { ("logs", logs), ("source", source) })
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            var (ours, simple) = (0, 0);
            var medians = await Rounds.MediansAsync(
                new Contender("ours", () => MeasureAsync(() => ours = Redactor.Default.Find(bytes).Count)),
                new Contender("simple", () => MeasureAsync(() => simple = FindSimply(text))));
            Console.WriteLine(
                $"{Megabytes} MB of {name}: ours {Megabytes * 1e6 / medians[0]:0} MB/s, {ours} findings"
                + $" · prefilter + {s_shapes.Length} expressions"
                + $" {Megabytes * 1e6 / medians[1]:0} MB/s, {simple} findings");
            Rounds.Judge("throughput / simple", medians[1] / medians[0], 1.0, isMost: false);
        }
    }

    private static Task<double> MeasureAsync(Action act) => Rounds.MicrosecondsEachAsync(1, () =>
    {
        act();
        return Task.CompletedTask;
    });

    private static int FindSimply(string text)
    {
        var count = 0;

        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.ContainsAny(s_anchors))
            {
                count += s_any.Count(line);
            }
        }

        return count;
    }

    private static string Generate(Func<Random, int, string> lineOf)
    {
        var random = new Random(7);
        var text = new StringBuilder(Megabytes << 20);

        for (var line = 0; text.Length < Megabytes << 20; line++)
        {
            text.Append(line % 5_000 == 4_999 ? SecretLine(random) : lineOf(random, line)).Append('\n');
        }

        return text.ToString();
    }

    private static string LogLine(Random random, int line) =>
        $"2031-04-{line % 28 + 1:00}T10:{line % 60:00}:00.{random.Next(1_000):000}Z INFO worker-{random.Next(32)} "
        + $"request {random.Next():x8} GET /api/items/{random.Next(10_000)} took {random.Next(900)} ms status 200";

    private static string SourceLine(Random random, int line) => (line % 5) switch
    {
        0 => $"    public int Value{random.Next(1_000)} {{ get; init; }} = {random.Next()};",
        1 => $"        var total{line % 90} = items.Where(item => item.Count > {random.Next(90)}).Sum(item => item.Price);",
        2 => "        // The next token of the reader, or none at the end.",
        3 => $"        if (token.Kind == TokenKind.Number && index < {random.Next(500)})",
        _ => $"import {{ render{random.Next(100)}, parse }} from './lib/module{random.Next(100)}.js';",
    };

    private static string SecretLine(Random random) =>
        "aws_access_key_id = AKIA" + random.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
}

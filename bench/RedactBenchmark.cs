using System.Text;
using Reeve.Authority.Secrets;

namespace Reeve.Bench;

/// <summary>The redactor over generated logs, source and escaped JSON, against a vectorised prefilter in front of
/// expressions, and over hostile text of one and of two lengths.</summary>
internal static class RedactBenchmark
{
    private const int Megabytes = 16;

    /// <summary>As long as the compiler watches what is hot, and again as long.</summary>
    private const int WarmingMilliseconds = 1_500;

    private static readonly string[] s_hostile =
    [
        "a", "eyJ", "eyJaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "password", "password=", "token: ",
        "://", "a://b:c", "ghp_", "AKIA", "sk-", "SG.", ":AA", "\\", "\\\"", "%41", "\"+\"", "\"\n", "QUtJQQ==",
        "a2V5LQ", "eA", "+/", "\n", "\" .", "password=aB3$xY9!z\n", "\\n\"token\":\"aB3xY9kL0pQ7rT5v\",",
    ];

    public static async Task RunAsync()
    {
        var (few, all) = (ScanAnchors.Few(), ScanAnchors.All());

        foreach (var (name, lineOf) in new (string, Func<Random, int, string>)[]
        {
            ("logs", LogLine), ("source", SourceLine), ("escaped JSON", JsonLine),
        })
        {
            await CompareAsync(name, Generate(lineOf), few, all);
        }

        await AttackAsync();
    }

    private static async Task CompareAsync(string name, string text, ScanAnchors few, ScanAnchors all)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var (ours, fewFound, allFound) = (0, 0, 0);
        var measured = new Contender[]
        {
            new("ours", () => MeasureAsync(() => ours = Redactor.Default.Find(bytes).Count)),
            new("few", () => MeasureAsync(() => fewFound = few.Find(text))),
            new("all", () => MeasureAsync(() => allFound = all.Find(text))),
        };

        foreach (var contender in measured)
        {
            await WarmAsync(contender);
        }

        var medians = await Rounds.MediansAsync(measured);
        var start = TimeProvider.System.GetTimestamp();
        var reference = ScanAnchors.FindRuleByRule(bytes);
        var slow = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
        var isSame = Direct(bytes).SequenceEqual(reference);

        Console.WriteLine($"{Megabytes} MB of {name}: ours {Speed(medians[0])}, {ours} findings");
        Console.WriteLine($"  prefilter + {few.Expressions} expressions: {Speed(medians[1])}, {fewFound} findings");
        Console.WriteLine($"  prefilter + {all.Expressions} expressions: {Speed(medians[2])}, {allFound} findings");
        Console.WriteLine(
            $"  rule by rule: {Speed(slow)}, the same findings: {(isSame ? "yes" : "NO")}");
        Rounds.Judge("throughput / prefilter + the same kinds", medians[2] / medians[0], 5.0, isMost: false);
        Rounds.Judge("throughput / prefilter + ten kinds", medians[1] / medians[0], 1.0, isMost: false);
    }

    private static async Task AttackAsync()
    {
        var ratios = new List<(double Ratio, double Speed, string Piece)>();

        foreach (var piece in s_hostile)
        {
            var (once, twice) = (Repeat(piece, 1 << 20), Repeat(piece, 2 << 20));
            var medians = await Rounds.MediansAsync(
                new Contender("once", () => MeasureAsync(() => Redactor.Default.Find(once))),
                new Contender("twice", () => MeasureAsync(() => Redactor.Default.Find(twice))));
            ratios.Add((medians[1] / medians[0], (2 << 20) / medians[1], piece));
        }

        var worst = ratios.MaxBy(found => found.Ratio);
        var slowest = ratios.MinBy(found => found.Speed);
        Console.WriteLine($"{s_hostile.Length} hostile texts of 1 and of 2 MiB");
        Console.WriteLine($"  slowest: {slowest.Speed:0} MB/s, of {Shown(slowest.Piece)}");
        Rounds.Judge($"worst t(2n) / t(n), of {Shown(worst.Piece)}", worst.Ratio, 2.2, isMost: true);
    }

    private static List<SecretFinding> Direct(byte[] bytes)
    {
        var found = new List<SecretFinding>();
        SecretScanner.Default.FindDirect(bytes, found);

        return SecretFindings.InOrder(found);
    }

    private static string Shown(string piece) => System.Text.Json.JsonSerializer.Serialize(piece);

    private static string Speed(double microseconds) => $"{Megabytes * (double)(1 << 20) / microseconds:0} MB/s";

    private static byte[] Repeat(string piece, int bytes) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, bytes / piece.Length)));

    private static async Task WarmAsync(Contender contender)
    {
        var start = TimeProvider.System.GetTimestamp();

        while (TimeProvider.System.GetElapsedTime(start).TotalMilliseconds < WarmingMilliseconds)
        {
            await contender.MeasureAsync();
        }
    }

    private static Task<double> MeasureAsync(Action act) => Rounds.MicrosecondsEachAsync(1, () =>
    {
        act();
        return Task.CompletedTask;
    });

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

    private static string JsonLine(Random random, int line) =>
        $"{{\"time\":\"2031-04-{line % 28 + 1:00}T10:00:00Z\",\"level\":\"info\",\"text\":\"read \\\"item "
        + $"{random.Next(1_000)}\\\" of {random.Next()}\\n\",\"path\":\"/srv/app/modules/orders/item.cs\"}}";

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

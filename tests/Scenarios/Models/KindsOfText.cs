using System.Text;

namespace Reeve.Tests.Scenarios.Models;

/// <summary>Texts of the kinds an agent reads, drawn by a seed.</summary>
internal static class KindsOfText
{
    private static readonly string[] s_words =
    [
        .. ("the of and to in that is was for it with as his on be at by had not are but from or have an they which "
            + "one you were her all she there would their we him been has when who will more no if out so said what "
            + "up its about into than them can only other new some could time these two may then do first any my now "
            + "such like our over man me even most made after also did many before must through back years where much "
            + "your way well down should because each just those people state good very make world still own see men "
            + "work long get here between both life being under never day same another know while last might us great "
            + "old year off come since against go came right used take three government important information "
            + "development different possible question understand experience particular community environment")
            .Split(' '),
    ];

    private static readonly string[] s_code =
    [
        "function", "return", "const", "public", "static", "void", "string", "value", "index", "count", "result",
        "request", "response", "error", "length", "message", "handler", "config", "options", "callback", "buffer",
    ];

    private static readonly string[] s_signs = ["==", "=>", "&&", "||", "!=", "+", "-", "*", "/", "<=", ">=", "?", ":"];

    public static IReadOnlyList<string> All { get; } =
    [
        "english", "code", "json", "cjk", "emoji", "base64", "hex", "space", "identifiers", "letters", "numbers",
        "mixed",
    ];

    public static string Draw(string kind, Random random) => kind switch
    {
        "english" => Prose(random),
        "code" => Code(random),
        "json" => Json(random),
        "cjk" => Of(random, 60, () => ((char)random.Next(0x4E00, 0x9FA0)).ToString(), ""),
        "emoji" => Of(
            random, 40, () => char.ConvertFromUtf32(random.Next(0x1F300, 0x1F650)), random.Next(2) == 0 ? " " : ""),
        "base64" => Convert.ToBase64String(Bytes(random)),
        "hex" => Convert.ToHexStringLower(Bytes(random)),
        "space" => Of(random, 30, () => new string(" \t\n"[random.Next(3)], random.Next(1, 60)), ""),
        "identifiers" => Of(random, 30, () => Identifier(random), " "),
        "letters" => Of(random, 30, () => Letters(random), " "),
        "numbers" => Of(random, 60, () => random.Next(1, 1_000_000).ToString(), random.Next(2) == 0 ? " " : ", "),
        _ => string.Join('\n', All.SkipLast(1).Select(each => Draw(each, random))),
    };

    private static string Prose(Random random) => Of(
        random, 80, () => random.Next(12) == 0 ? Word(random) + (random.Next(2) == 0 ? "," : ".") : Word(random), " ");

    private static string Word(Random random) => s_words[random.Next(s_words.Length)];

    private static string Code(Random random) => Of(
        random, 30,
        () => new string(' ', 4 * random.Next(5))
            + Of(random, 8, () => s_code[random.Next(s_code.Length)] + ".(){};,"[random.Next(7)],
                $" {s_signs[random.Next(s_signs.Length)]} "),
        "\n");

    private static string Json(Random random) => "{" + Of(
        random, 20, () => $"\"{Word(random)}\": {(random.Next(2) == 0 ? random.Next(10_000) : $"\"{Word(random)}\"")}",
        ", ") + "}";

    private static string Identifier(Random random)
    {
        var words = Enumerable.Range(0, random.Next(2, 7)).Select(_ => Word(random)).ToList();
        return random.Next(3) switch
        {
            0 => string.Join('_', words),
            1 => string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word[1..])),
            _ => string.Join('_', words).ToUpperInvariant(),
        };
    }

    private static string Letters(Random random) => new(
        [.. Enumerable.Range(0, random.Next(8, 40)).Select(_ => (char)('a' + random.Next(26)))]);

    private static byte[] Bytes(Random random)
    {
        var bytes = new byte[random.Next(24, 200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private static string Of(Random random, int most, Func<string> draw, string between) =>
        string.Join(between, Enumerable.Range(0, random.Next(1, most)).Select(_ => draw()));
}

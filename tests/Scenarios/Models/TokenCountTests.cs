using Reeve.Models.Tokens;
using Xunit;

namespace Reeve.Tests.Scenarios.Models;

/// <summary>The estimate is never below 95 % of what a tokenizer makes of a text, whatever kind of text it
/// is.</summary>
[Trait("Req", "MODEL-4")]
public sealed class TokenCountTests
{
    private const int TextsOfKind = 40;

    private static readonly EstimatingTokenCounter s_counter = new();

    // As most providers' tokenizers cut them, and as those that take each digit alone.
    private static readonly Lazy<BytePairs> s_three = new(() => Trained(@"\p{N}{1,3}")),
        s_single = new(() => Trained(@"\p{N}"));

    public static TheoryData<string, bool> Kinds =>
        [.. KindsOfText.All.SelectMany(kind => new[] { (kind, false), (kind, true) })];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Is_never_below_a_byte_pair_encoder(string kind, bool takesDigitsAlone)
    {
        var encoder = (takesDigitsAlone ? s_single : s_three).Value;

        for (var seed = 1; seed <= TextsOfKind; seed++)
        {
            var text = KindsOfText.Draw(kind, new Random(seed + 100_000));

            AssertAbove(encoder.Count(text), text, $"{kind}, seed {seed}");
        }
    }

    /// <summary>The counts are the largest that tiktoken's encodings gpt2 and cl100k_base give, as the notebook
    /// "How to count tokens with tiktoken" of github.com/openai/openai-cookbook prints them and the tests of
    /// github.com/openai/tiktoken and github.com/microsoft/Tokenizer assert them.</summary>
    [Theory]
    [InlineData("antidisestablishmentarianism", 6)]
    [InlineData("2 + 2 = 4", 7)]
    [InlineData("お誕生日おめでとう", 14)]
    [InlineData("tiktoken is great!", 6)]
    [InlineData("hello world", 2)]
    [InlineData("Hello TempWorld", 3)]
    [InlineData("Hello World!", 3)]
    [InlineData("00000000000000000", 3)]
    [InlineData("'rer", 2)]
    [InlineData("today\n ", 3)]
    [InlineData(" \u00850", 4)]
    [InlineData("👍", 3)]
    [InlineData("⭐", 2)]
    public void Is_never_below_what_the_tokenizer_of_a_provider_made_of_it(string text, int counted) =>
        AssertAbove(counted, text, text);

    private static void AssertAbove(int counted, string text, string what) => Assert.True(
        s_counter.Count(text) * 100L >= counted * 95L, $"{s_counter.Count(text)} of {counted}: {what}");

    private static BytePairs Trained(string digits)
    {
        var corpus = string.Join('\n', KindsOfText.All.SkipLast(1).SelectMany(kind =>
            Enumerable.Range(1, kind is "english" or "code" or "json" or "identifiers" ? 40 : 2)
                .Select(seed => KindsOfText.Draw(kind, new Random(seed)))));

        return BytePairs.Train(corpus, merges: 1_500, digits);
    }
}

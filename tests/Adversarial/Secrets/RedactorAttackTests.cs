using System.Text;
using Reeve.Authority.Secrets;
using Xunit;

namespace Reeve.Tests.Adversarial.Secrets;

public sealed class RedactorAttackTests
{
    public static TheoryData<string> Repeated => new(
        "eyJ", "eyJaaaaaaaaa.", "-----BEGIN PRIVATE KEY-----", "-----BEGIN ", "password", "password=", "token: ", "://",
        "a://b:c", "ghp_", "AKIA", "sk-", "SG.", ":AA", "\\", "\\\"", "%41", "\"+\"", "\"\n", "QUtJQQ==",
        "eA", "+/", "\n");

    [Theory]
    [MemberData(nameof(Repeated))]
    public void Ends_on_any_repetition_and_keeps_the_rest(string piece)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, 400_000 / piece.Length)) + "\n!end!");

        var redacted = Redactor.Default.Redact(text);

        Assert.EndsWith("end!", Encoding.UTF8.GetString(redacted), StringComparison.Ordinal);
    }

    [Fact]
    public void Never_fails_on_random_bytes()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var text = new byte[random.Next(300)];
            random.NextBytes(text);

            var found = Redactor.Default.Find(text);

            Assert.All(found, finding => Assert.InRange(finding.End, finding.Start + 1, text.Length));
        }
    }
}

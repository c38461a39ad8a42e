using System.Security.Cryptography;
using System.Text;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Principals;
using Xunit;

namespace Reeve.Tests.Unit.Kernel.Journal;

public sealed class PayloadSealerTests
{
    private const int Threads = 4, PayloadsOfEach = 5_000;

    /// <summary>Calls of one turn end side by side and seal what they saw with the cipher of their run.</summary>
    [Fact]
    public async Task What_many_threads_seal_at_once_can_all_be_opened()
    {
        using var sealer = new PayloadSealer(
            new RunKey(TenantId.Local, RunId.FromBytes(new byte[16])), new byte[32], new RandomBytes());

        var opened = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
            Enumerable.Range(0, PayloadsOfEach).Count(number =>
            {
                var text = $"{thread} {number} {new string('x', number % 500)}";
                var payload = sealer.Seal(Encoding.UTF8.GetBytes(text));
                return Encoding.UTF8.GetString(sealer.Open(payload.Ref, payload.Sealed)) == text;
            }))));

        Assert.All(opened, count => Assert.Equal(PayloadsOfEach, count));
    }

    private sealed class RandomBytes : IEntropy
    {
        public void Fill(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);
    }
}

using System.Buffers.Binary;

namespace Reeve.Doors.Processes;

/// <summary>Attacks by name, the calls they make and how their answers are judged.</summary>
internal sealed class AttackList
{
    private readonly List<(string Name, int Call, Predicate<long> IsStopped)> _attacks = [];

    public ProbeProgram Program { get; } = new();

    /// <summary>Stopped when the call fails, whatever the error.</summary>
    public void Expect(string name, int call) => Add(name, call, result => result < 0);

    /// <summary>Stopped when the call fails with exactly the error that our filter gives.</summary>
    public void Expect(string name, int call, long error) => Add(name, call, result => result == error);

    public void Add(string name, int call, Predicate<long> isStopped) => _attacks.Add((name, call, isStopped));

    /// <summary>A result that is missing counts as an attack that came through: nothing is known of it.</summary>
    public IReadOnlyList<SandboxProbe> Judge(ReadOnlySpan<byte> results, SelfAttackBait bait)
    {
        var probes = new List<SandboxProbe>();

        foreach (var (name, call, isStopped) in _attacks)
        {
            var isKnown = results.Length >= (call + 1) * 8;
            var result = isKnown ? BinaryPrimitives.ReadInt64LittleEndian(results[(call * 8)..]) : 0;
            var detail = !isKnown ? "no answer" : result < 0 ? $"error {-result}" : $"result {result}";
            probes.Add(new SandboxProbe(name, isKnown && isStopped(result), detail));
        }

        probes.Add(new SandboxProbe("leave something outside", !bait.WasPlanted, "looked from outside"));
        probes.Add(new SandboxProbe("reach a listener outside", !bait.WasReached, "looked from outside"));
        return probes;
    }
}

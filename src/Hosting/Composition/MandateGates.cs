using System.Runtime.CompilerServices;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;

namespace Reeve.Hosting.Composition;

/// <summary>A mandate as it was recorded and its gate, made once for the worker that read it.</summary>
internal sealed class MandateGates
{
    private readonly ConditionalWeakTable<byte[], Compiled> _gates = [];

    public PolicyEngine GateOf(byte[] mandate) => Of(mandate).Gate;

    /// <param name="mandate">Known by its instance, not by its content, which nobody may change.</param>
    public Compiled Of(byte[] mandate) => _gates.GetValue(mandate, bytes =>
    {
        var read = Mandate.FromJson(bytes);
        return new Compiled(read, new PolicyEngine(read));
    });

    internal sealed record Compiled(Mandate Mandate, PolicyEngine Gate);
}

using System.Text.Json;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Approvals;

/// <summary>The exact action a person is asked about: what they see is what is committed to, and what may
/// run.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Arguments">Its arguments, byte for byte as the model wrote them.</param>
/// <param name="Call">The call it belongs to: an approval is single-use.</param>
public sealed record ProposedAction(string Tool, string Arguments, string Call, string Reason, string Mandate)
{
    /// <summary>The narrowest rules that would cover it, one on each line; empty where no rule can.</summary>
    public string Rules { get; init; } = "";

    /// <summary>How many different persons have to approve.</summary>
    public int Persons { get; init; } = 1;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, RunShapes.Default.ProposedAction);

    public static ProposedAction FromBytes(byte[] bytes) =>
        JsonSerializer.Deserialize(bytes, RunShapes.Default.ProposedAction)!;
}

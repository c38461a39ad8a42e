using System.Text.Json;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Runs;

namespace Reeve.Kernel.Approvals;

/// <summary>Seals messages to whoever holds a run; see <see cref="IRunStore.PostAsync"/>.</summary>
public static class InboxSeal
{
    public static byte[] Seal(PayloadSealer sealer, InboxAnswer answer) =>
        sealer.SealMessage(JsonSerializer.SerializeToUtf8Bytes(answer, RunShapes.Default.InboxAnswer));

    public static byte[] Seal(PayloadSealer sealer, InboxText text) =>
        sealer.SealMessage(JsonSerializer.SerializeToUtf8Bytes(text, RunShapes.Default.InboxText));

    public static byte[] Seal(PayloadSealer sealer, InboxDoubt doubt) =>
        sealer.SealMessage(JsonSerializer.SerializeToUtf8Bytes(doubt, RunShapes.Default.InboxDoubt));
}

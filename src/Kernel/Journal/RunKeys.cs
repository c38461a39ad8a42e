namespace Reeve.Kernel.Journal;

/// <summary>Opens the key of a run, also of one whose key was erased.</summary>
public static class RunKeys
{
    /// <returns>Of an erased run a key that opens nothing: there is nothing left that it could.</returns>
    public static byte[] KeyOf(this IKeyWrap keys, RunRecord record) =>
        record.IsErased ? new byte[PayloadSealer.KeyBytes] : keys.Unwrap(record.Run, record.WrappedKey);
}

namespace Reeve.Kernel.Models;

/// <summary>Keeps replies under names that say all they depend on. It may forget any of them at any time.</summary>
public interface IReplyCache
{
    /// <summary>Null where none is kept, or none that is still young enough and whole.</summary>
    byte[]? Find(string name);

    void Keep(string name, ReadOnlySpan<byte> reply);
}

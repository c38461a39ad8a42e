namespace Reeve.Kernel.Journal;

/// <summary>Wraps the keys of runs with the master key, which never leaves the vault.</summary>
public interface IKeyWrap
{
    byte[] Wrap(RunKey run, ReadOnlySpan<byte> key);

    /// <exception cref="Authority.ProblemException"><c>key.wrong</c> when another master key wrapped it.</exception>
    byte[] Unwrap(RunKey run, ReadOnlySpan<byte> wrapped);

    /// <summary>A stable identifier of a text that cannot be guessed without the master key, as 32 hex
    /// digits.</summary>
    string Pseudonym(string text);
}

namespace Reeve.Authority.Secrets;

/// <summary>Recognises one family of secrets where one of its anchors stands.</summary>
/// <remarks>
/// A rule looks a bounded way back and ahead of its anchor (<see cref="ReachMax"/>), so that scanning is linear
/// in the text and a stream needs to hold back only so much.
/// </remarks>
internal abstract class SecretRule(params string[] anchors)
{
    public const int ReachMax = 16 * 1024;

    public string[] Anchors { get; } = anchors;

    /// <summary>Anchors are ASCII; whether their case matters.</summary>
    public virtual bool IgnoresCase => false;

    public abstract SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength);
}

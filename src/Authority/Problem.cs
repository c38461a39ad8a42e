using System.Diagnostics.CodeAnalysis;

namespace Reeve.Authority;

/// <summary>An expected refusal: what the model and the user are told, word for word.</summary>
/// <remarks>
/// <see cref="Code"/> is stable and may be matched on. <see cref="Message"/> says what to do instead and is
/// written by us: it quotes neither a path of the host, nor text from outside, nor another exception.
/// Whatever is not a problem is a bug; a bug flies on, is logged whole and is shown only as "internal".
/// </remarks>
public sealed record Problem(string Code, string Message, bool IsRetryable = false)
{
    /// <summary>States what must hold for the next line to make sense.</summary>
    public static void ThrowUnless([DoesNotReturnIf(false)] bool condition, string code, string message)
    {
        if (!condition)
        {
            throw new ProblemException(new Problem(code, message));
        }
    }

    /// <summary>Refuses where no condition is left to ask, as in the last arm of a switch.</summary>
    [DoesNotReturn]
    public static void Throw(string code, string message) => ThrowUnless(false, code, message);

    public override string ToString() => $"{Code}: {Message}";
}

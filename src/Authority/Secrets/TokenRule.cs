using System.Buffers;

namespace Reeve.Authority.Secrets;

/// <summary>A token with a fixed beginning, a set of letters and a length, as most providers issue them.</summary>
internal sealed class TokenRule(
    string kind, string[] prefixes, SearchValues<byte> letters, int lengthMin, int lengthMax)
    : SecretRule(prefixes)
{
    public override SecretFinding? Match(ReadOnlySpan<byte> text, int at, int anchorLength)
    {
        if (!Boundary.IsBefore(text, at))
        {
            return null;
        }

        var body = text[(at + anchorLength)..];
        body = body[..Math.Min(body.Length, lengthMax + 1)];
        var length = body.IndexOfAnyExcept(letters) is var end and >= 0 ? end : body.Length;

        // Signs at the end belong to the sentence and not to the token.
        while (length > lengthMin && body[length - 1] is (byte)'.' or (byte)'-')
        {
            length--;
        }

        var isToken = length >= lengthMin && length <= lengthMax && Entropy.HasVariety(body[..length]);

        return isToken ? new SecretFinding(at, anchorLength + length, kind) : null;
    }
}

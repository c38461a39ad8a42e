namespace Reeve.Models.Exchange;

/// <summary>A provider's key. It prints as nothing; only the request header ever holds its text.</summary>
public sealed class ApiKey(string text)
{
    public bool IsEmpty => text.Length == 0;

    public override string ToString() => "…";

    internal string Reveal() => text;
}

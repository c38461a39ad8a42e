namespace Reeve.Authority.Secrets;

/// <summary>Takes secrets out of text before anybody sees it. Linear in the length of the text.</summary>
public interface IRedactor
{
    string Redact(string text);
}

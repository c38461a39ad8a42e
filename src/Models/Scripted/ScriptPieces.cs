namespace Reeve.Models.Scripted;

/// <summary>Cuts text into deltas, never between the halves of a surrogate pair.</summary>
internal static class ScriptPieces
{
    public static IEnumerable<string> Of(string text, int characters)
    {
        var size = Math.Max(1, characters);

        for (var start = 0; start < text.Length;)
        {
            var end = Math.Min(text.Length, start + size);
            end += end < text.Length && char.IsLowSurrogate(text[end]) ? 1 : 0;
            yield return text[start..end];
            start = end;
        }
    }
}

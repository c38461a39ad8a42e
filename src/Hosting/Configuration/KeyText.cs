namespace Reeve.Hosting.Configuration;

/// <summary>Shows a key somebody wrote: short, and without control characters.</summary>
internal static class KeyText
{
    public const int LengthMax = 64;

    public static string Show(string key)
    {
        var head = key.Length > LengthMax ? key[..LengthMax] + "…" : key;
        return $"'{string.Concat(head.Select(letter => char.IsControl(letter) ? '?' : letter))}'";
    }
}

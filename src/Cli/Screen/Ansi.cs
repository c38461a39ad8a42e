namespace Reeve.Cli.Screen;

/// <summary>The escape codes of styles (ECMA-48, SGR). Only our own text passes here.</summary>
internal static class Ansi
{
    public const string Reset = "\u001b[0m";

    public static string CodeOf(Style style) => style switch
    {
        Style.Bold => "\u001b[1m",
        Style.Dim => "\u001b[2m",
        Style.Italic => "\u001b[3m",
        Style.Good => "\u001b[32m",
        Style.Warning => "\u001b[33m",
        Style.Bad => "\u001b[31m",
        Style.Accent => "\u001b[36m",
        _ => "",
    };
}

using System.Buffers;

namespace Reeve.Authority.Secrets;

/// <summary>Sets of letters that tokens are made of.</summary>
internal static class Letters
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Lower = "abcdefghijklmnopqrstuvwxyz";
    private const string Digits = "0123456789";

    public static readonly SearchValues<byte> Alphanumeric = Of(Upper + Lower + Digits);
    public static readonly SearchValues<byte> AsciiLetters = Of(Upper + Lower);
    public static readonly SearchValues<byte> PasswordSigns = Of("!@#$%^&*?+");
    public static readonly SearchValues<byte> ValueEnds = Of(" \t\r\n,;&\"'<>`)}]\\|");
    public static readonly SearchValues<byte> AddressEnds = Of(" \t\r\n\"'<>`/|");
    public static readonly SearchValues<byte> Word = Of(Upper + Lower + Digits + "_");
    public static readonly SearchValues<byte> Base64Url = Of(Upper + Lower + Digits + "_-");
    public static readonly SearchValues<byte> Base64 = Of(Upper + Lower + Digits + "+/=");
    public static readonly SearchValues<byte> AnyBase64 = Of(Upper + Lower + Digits + "+/_-");
    public static readonly SearchValues<byte> Hex = Of(Digits + "abcdefABCDEF");
    public static readonly SearchValues<byte> UpperDigits = Of(Upper + Digits);
    public static readonly SearchValues<byte> KeyBody = Of(Upper + Lower + Digits + "+/= \t\r\n\\:,-\"");
    public static readonly SearchValues<byte> Dotted = Of(Upper + Lower + Digits + "_-.");
    public static readonly SearchValues<byte> Bearer = Of(Upper + Lower + Digits + "-._~+/=");
    public static readonly SearchValues<byte> Wide = Of(Upper + Lower + Digits + "_-.=+/:~");
    public static readonly SearchValues<byte> Percent = Of(Upper + Lower + Digits + "_-.=%+/:~");

    public static SearchValues<byte> Named(string name) => name switch
    {
        "alnum" => Alphanumeric,
        "word" => Word,
        "url64" => Base64Url,
        "base64" => Base64,
        "hex" => Hex,
        "upper" => UpperDigits,
        "dotted" => Dotted,
        "wide" => Wide,
        "percent" => Percent,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such set of letters."),
    };

    private static SearchValues<byte> Of(string letters) =>
        SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(letters));
}

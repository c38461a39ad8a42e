using System.Text;

namespace Reeve.Models.Exchange;

/// <summary>Cuts a reply whose server goes on past the most it was asked for.</summary>
/// <remarks>
/// A provider counts tokens itself and stops; this is for one that does not. Ordinary text has three to five bytes a
/// token, so more than eight on average cannot be what was reserved, and no honest reply is cut by it.
/// </remarks>
internal sealed class OutputMeter(int tokensMax)
{
    private const int BytesPerTokenMax = 8;

    private long _bytes;

    public bool IsOver => _bytes > (long)tokensMax * BytesPerTokenMax;

    public void Add(string text) => _bytes += Encoding.UTF8.GetByteCount(text);
}

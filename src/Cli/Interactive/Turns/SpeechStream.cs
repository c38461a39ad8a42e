using System.Text;
using Reeve.Cli.Interactive.Display;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Interactive.Turns;

/// <summary>Shows what the model says line by line while it says it.</summary>
/// <remarks>
/// A line is shown when it is whole, because half a secret cannot be taken out; a block that looks like a key is held
/// back until its end. What is held is bounded: past the bound it is shown as far as it came, redacted.
/// </remarks>
internal sealed class SpeechStream(Terminal terminal, Func<string, string> redact)
{
    public const int HeldLengthMax = 32 * 1024;

    private readonly StringBuilder _line = new(), _held = new();
    private Markdown _markdown = new();

    private bool _hasSpoken;

    /// <summary>Whether anything came of the present reply.</summary>
    public bool HasHeard { get; private set; }

    public void Begin()
    {
        _line.Clear();
        _held.Clear();
        _markdown = new Markdown();
        (_hasSpoken, HasHeard) = (false, false);
    }

    public void Push(string text)
    {
        HasHeard |= text.Length > 0;

        foreach (var character in text)
        {
            _line.Append(character);

            if (character == '\n' || _line.Length > HeldLengthMax)
            {
                Take();
            }
        }
    }

    /// <summary>The reply is whole: what waits is shown.</summary>
    public void End()
    {
        if (_line.Length > 0)
        {
            _held.Append(_line);
            _line.Clear();
        }

        Show();
    }

    private void Take()
    {
        _held.Append(_line);
        _line.Clear();

        if (_held.Length > HeldLengthMax || !IsInKey(_held.ToString()))
        {
            Show();
        }
    }

    private static bool IsInKey(string text) =>
        text.LastIndexOf("-----BEGIN", StringComparison.Ordinal) is >= 0 and var begin
        && text.IndexOf("-----END", begin, StringComparison.Ordinal) < 0;

    private void Show()
    {
        if (_held.Length == 0)
        {
            return;
        }

        var text = redact(_held.ToString());
        _held.Clear();

        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            // A reply that begins with empty lines begins with its first word.
            if (_hasSpoken || line.Trim().Length > 0)
            {
                _hasSpoken = true;
                terminal.Out(_markdown.Line(line.TrimEnd('\r')));
            }
        }
    }
}

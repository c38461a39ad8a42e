using Reeve.Cli.Output;
using Reeve.Cli.Screen;

namespace Reeve.Cli.Live;

/// <summary>The line that moves while something takes its time.</summary>
internal sealed class StatusLine : IDisposable
{
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan s_period = TimeSpan.FromMilliseconds(120);

    private readonly Terminal _terminal;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private string _text = "";
    private string _detail = "";
    private long _since;
    private int _frame;

    public StatusLine(Terminal terminal, TimeProvider time)
    {
        _terminal = terminal;
        _time = time;
        var period = terminal.HasStatus
            ? s_period
            : Timeout.InfiniteTimeSpan;
        _timer = time.CreateTimer(static line => ((StatusLine)line!).Draw(), this, period, period);
    }

    public void Show(string text)
    {
        lock (_lock)
        {
            _text = text;
            _detail = "";
            _since = _time.GetTimestamp();
        }
    }

    /// <summary>What can be said of it so far; drawn with the next frame.</summary>
    public void Detail(string detail)
    {
        lock (_lock)
        {
            _detail = detail;
        }
    }

    public void Hide()
    {
        lock (_lock)
        {
            _text = "";
            _terminal.Status("");
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Hide();
    }

    private void Draw()
    {
        lock (_lock)
        {
            if (_text.Length > 0)
            {
                _frame = (_frame + 1) % Frames.Length;
                var elapsed = RunWords.Time(
                    TimeSpan.FromSeconds(Math.Floor(_time.GetElapsedTime(_since).TotalSeconds)));
                _terminal.Status($"{Frames[_frame]} {_text} · {elapsed}{(_detail.Length > 0 ? " · " + _detail : "")}");
            }
        }
    }
}

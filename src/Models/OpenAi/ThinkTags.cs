using System.Text;
using Reeve.Kernel.Models;

namespace Reeve.Models.OpenAi;

/// <summary>Parts text that opens with a think tag into what was thought and what was said, cut anywhere.</summary>
internal sealed class ThinkTags(Action<ModelDeltaKind, string> onText)
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private readonly StringBuilder _pending = new();
    private State _state;

    private enum State
    {
        Start = 0,
        Thinking,
        Speaking,
    }

    public void Add(string text)
    {
        if (_state == State.Speaking)
        {
            onText(ModelDeltaKind.Text, text);
            return;
        }

        _pending.Append(text);
        Advance();
    }

    /// <summary>Gives away what was held back because it might have been the beginning of a tag.</summary>
    public void Finish()
    {
        if (_pending.Length > 0)
        {
            Flush(_state == State.Thinking ? ModelDeltaKind.Reasoning : ModelDeltaKind.Text, _pending.Length);
        }
    }

    private void Advance()
    {
        if (_state == State.Start)
        {
            var begun = _pending.ToString().TrimStart();

            if (begun.StartsWith(Open, StringComparison.Ordinal))
            {
                _pending.Clear().Append(begun, Open.Length, begun.Length - Open.Length);
                _state = State.Thinking;
            }
            else if (!Open.StartsWith(begun, StringComparison.Ordinal))
            {
                _state = State.Speaking;
                Flush(ModelDeltaKind.Text, _pending.Length);
                return;
            }
        }

        if (_state == State.Thinking)
        {
            Think();
        }
    }

    private void Think()
    {
        var thought = _pending.ToString();
        var end = thought.IndexOf(Close, StringComparison.Ordinal);

        if (end < 0)
        {
            Flush(ModelDeltaKind.Reasoning, Math.Max(0, thought.Length - Close.Length));
            return;
        }

        Flush(ModelDeltaKind.Reasoning, end);
        _pending.Clear();
        _state = State.Speaking;
        onText(ModelDeltaKind.Text, thought[(end + Close.Length)..].TrimStart('\n'));
    }

    private void Flush(ModelDeltaKind kind, int count)
    {
        if (count > 0)
        {
            onText(kind, _pending.ToString(0, count));
            _pending.Remove(0, count);
        }
    }
}

using Reeve.Authority;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Interactive.Turns;

/// <summary>What was typed while the agent works and the model has not been sent yet. As many as an inbox
/// holds.</summary>
internal sealed class MessagesUnderWay
{
    private readonly Lock _lock = new();
    private readonly List<string> _posted = [];
    private int _waiting;

    /// <summary>Messages that no request has taken along.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting;
            }
        }
    }

    /// <exception cref="ProblemException"><c>inbox.full</c> past <see cref="IRunStore.InboxMessagesMax"/>.</exception>
    public void Post(string text)
    {
        lock (_lock)
        {
            Problem.ThrowUnless(
                _waiting < IRunStore.InboxMessagesMax, "inbox.full",
                $"{IRunStore.InboxMessagesMax} messages already wait for this run. Try again when it has taken some.");
            _posted.Add(text);
            _waiting++;
        }
    }

    /// <summary>It was not sent after all.</summary>
    public void Withdraw(string text)
    {
        lock (_lock)
        {
            _waiting -= _posted.Remove(text) ? 1 : 0;
        }
    }

    /// <summary>The run has written it down.</summary>
    public void Received(string text)
    {
        lock (_lock)
        {
            _posted.Remove(text);
        }
    }

    /// <summary>A request took along what the run had.</summary>
    public void Taken()
    {
        lock (_lock)
        {
            _waiting = _posted.Count;
        }
    }

    /// <summary>What the run ended without having heard.</summary>
    public IReadOnlyList<string> Unheard()
    {
        lock (_lock)
        {
            return [.. _posted];
        }
    }
}

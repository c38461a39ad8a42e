using System.Text.RegularExpressions;
using Reeve.Authority;
using Reeve.Kernel.Models;
using Reeve.Kernel.Turns;

namespace Reeve.Models.Scripted;

/// <summary>Finds the turn of a script that answers a conversation. Pure: the conversation alone says where it
/// stands.</summary>
/// <remarks>
/// Without conditions the n-th reply is the n-th turn. With conditions the replies so far are walked again, each
/// against what was there when it was given, so that a resumed or replayed conversation finds the same place.
/// </remarks>
internal sealed class ScriptPlayer
{
    private readonly Script _script;
    private readonly Func<ScriptView, int, bool>[] _conditions;

    public ScriptPlayer(Script script)
    {
        _script = script;
        _conditions = [.. script.Turns.Select(turn => Compile(turn.When))];
        IsPlain = script.Turns.All(turn => turn.When is null && !turn.Repeat);
    }

    /// <summary>No turn has a condition: the number of replies so far says which one comes next.</summary>
    public bool IsPlain { get; }

    /// <exception cref="ModelCallException"><c>model.invalid_request</c>: the script has nothing to say
    /// here.</exception>
    public (ScriptTurn Turn, int Index) Find(ScriptView view) =>
        TurnAt(IsPlain ? view.RepliesCount : Walk(view));

    /// <inheritdoc cref="Find(ScriptView)"/>
    public (ScriptTurn Turn, int Index) Find(IReadOnlyList<Message> messages) => IsPlain
        ? TurnAt(messages.Count(message => message.Role == MessageRole.Assistant))
        : Find(ScriptView.Of(messages));

    /// <inheritdoc cref="Find(ScriptView)"/>
    public (ScriptTurn Turn, int Index) TurnAt(int index) =>
        index < _script.Turns.Length
            ? (_script.Turns[index], index)
            : throw new ModelCallException(
                new Problem("model.invalid_request", "The script has no turn for this point of the conversation."),
                wasSent: true);

    /// <summary>The fault that applies to an attempt of a turn, counted from one.</summary>
    public static ScriptFault? FaultOf(ScriptTurn turn, int attempt) =>
        turn.Faults.FirstOrDefault(fault => fault.Attempts == 0 || attempt <= fault.Attempts);

    private int Walk(ScriptView view)
    {
        var next = 0;

        for (var entry = 0; entry <= view.Entries.Count; entry++)
        {
            var isEnd = entry == view.Entries.Count;

            if (!isEnd && !view.Entries[entry].IsReply)
            {
                continue;
            }

            while (next < _conditions.Length && !_conditions[next](view, entry))
            {
                next++;
            }

            if (isEnd || next == _conditions.Length)
            {
                break;
            }

            next += _script.Turns[next].Repeat ? 0 : 1;
        }

        return next;
    }

    private static Func<ScriptView, int, bool> Compile(ScriptMatch? match)
    {
        if (match is null)
        {
            return static (_, _) => true;
        }

        var lastResult = PatternOf(match.LastResultMatches);
        var anyMessage = PatternOf(match.AnyMessageMatches);

        return (view, end) =>
        {
            var seen = view.Entries.Take(end).ToList();
            var last = seen.FindLast(entry => entry.Result is not null)?.Result ?? string.Empty;

            return last.Contains(match.LastResultContains ?? string.Empty, StringComparison.Ordinal)
                && lastResult?.IsMatch(last) != false
                && (match.AnyMessageContains is null
                    || seen.Exists(entry => Says(entry).Contains(match.AnyMessageContains, StringComparison.Ordinal)))
                && (anyMessage is null || seen.Exists(entry => anyMessage.IsMatch(Says(entry))));
        };
    }

    private static string Says(ScriptEntry entry) =>
        entry.Result is null ? entry.Text : $"{entry.Text}\n{entry.Result}";

    private static Regex? PatternOf(string? pattern) => pattern is null ? null
        : new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(2));
}

using System.Text;
using Reeve.Authority;
using Reeve.Cli.Screen;
using Reeve.Hosting;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Journal;

namespace Reeve.Cli.Live;

/// <summary>Asks the person at the terminal, shows the exact action, and sends the answer the way another
/// process would.</summary>
internal sealed class ApprovalPrompt(Terminal terminal, IReeveHost host, RunKey run)
{
    public const string Reason = "answered at the terminal";

    /// <summary>Runs until the queue is closed or <paramref name="stop"/> ends it.</summary>
    public async Task AnswerAllAsync(QuestionQueue queue, CancellationToken stop)
    {
        try
        {
            await foreach (var question in queue.Questions.ReadAllAsync(stop))
            {
                if (!await AskAsync(question, stop))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The run ended or was parked; the question stays in its journal.
        }
    }

    private async Task<bool> AskAsync(Question question, CancellationToken stop)
    {
        var action = ProposedAction.FromBytes(Encoding.UTF8.GetBytes(question.Proposal));

        if (action.Tool == Commands.AnswerCommand.QuestionTool)
        {
            return await AnswerInWordsAsync(question, action, stop);
        }

        terminal.Error(new Piece("? The agent asks to use ", Style.Warning), new Piece(action.Tool, Style.Bold));
        terminal.Error($"    {action.Arguments}");
        terminal.Error(new Piece($"    {action.Reason}", Style.Dim));
        var rules = action.Rules.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var longer = rules.Length > 0 ? "[s]ession / [p]roject / [a]lways / " : "";

        while (true)
        {
            var text = await terminal.AskAsync(
                stop, new Piece($"  allow this once? [y]es / {longer}[n]o / no, [b]ecause…: ", Style.Warning));

            switch (text?.Trim().ToLowerInvariant())
            {
                case "y" or "yes":
                    await SendAsync(question, new ApprovalReply(true), stop);
                    return true;
                case "s" or "session" when rules.Length > 0:
                    return await AskForLongerAsync(question, rules, ApprovalScope.Session, stop);
                case "p" or "project" when rules.Length > 0:
                    return await AskForLongerAsync(question, rules, ApprovalScope.Project, stop);
                case "a" or "always" when rules.Length > 0:
                    return await AskForLongerAsync(question, rules, ApprovalScope.Always, stop);
                case "n" or "no":
                    await SendAsync(question, new ApprovalReply(false), stop);
                    return true;
                case "b" or "because":
                    var why = await terminal.AskAsync(stop, new Piece("  what should the agent know? ", Style.Warning));
                    await SendAsync(question, new ApprovalReply(false) { Said = why ?? "" }, stop);
                    return true;
                case null:
                    terminal.Error(new Piece("  no answer; another terminal may still give one", Style.Dim));
                    return false;
                default:
                    break;
            }
        }
    }

    /// <summary>Shows the rule before it is kept; what is typed instead is kept instead, if it covers the
    /// action.</summary>
    private async Task<bool> AskForLongerAsync(
        Question question, IReadOnlyList<string> rules, ApprovalScope scope, CancellationToken stop)
    {
        while (true)
        {
            terminal.Error(new Piece("    rule: ", Style.Dim), string.Join("  ", rules));
            var edited = await terminal.AskAsync(
                stop, new Piece("  Enter keeps this rule; or type another: ", Style.Warning));

            if (edited is null)
            {
                return false;
            }

            var reply = new ApprovalReply(true, scope)
            {
                Rules = edited.Trim().Length > 0 ? [edited.Trim()] : rules,
            };

            if (await SendAsync(question, reply, stop))
            {
                return true;
            }
        }
    }

    /// <returns>False where the rule was refused and another may be given.</returns>
    private async Task<bool> SendAsync(Question question, ApprovalReply reply, CancellationToken stop)
    {
        try
        {
            var reasoned = reply.Reason.Length > 0 ? reply : reply with { Reason = Reason };
            await host.AnswerAsync(run, question.Action, reasoned, stop);
            return true;
        }
        catch (ProblemException late)
        {
            // Somebody else answered, or it expired, while the person was thinking.
            terminal.Error(new Piece($"  {late.Problem}", Style.Warning));
            return late.Problem.Code is not ("approval.rule_mismatch" or "rule.invalid");
        }
    }

    private async Task<bool> AnswerInWordsAsync(Question question, ProposedAction action, CancellationToken stop)
    {
        terminal.Error(new Piece("? The agent asks: ", Style.Warning), CallWords.Of(action.Arguments));
        terminal.Error(new Piece($"    {action.Arguments}", Style.Dim));

        while (await terminal.AskAsync(stop, new Piece("  your answer: ", Style.Warning)) is { } text)
        {
            if (text.Trim() is { Length: > 0 and <= Commands.AnswerCommand.AnswerLengthMax } answer)
            {
                await SendAsync(question, new ApprovalReply(true) { Reason = answer }, stop);
                return true;
            }
        }

        terminal.Error(new Piece("  no answer; another terminal may still give one", Style.Dim));
        return false;
    }
}

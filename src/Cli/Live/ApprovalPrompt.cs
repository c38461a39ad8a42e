using System.Text;
using Reeve.Authority;
using Reeve.Cli.Screen;
using Reeve.Hosting;
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

        while (true)
        {
            var text = await terminal.AskAsync(stop, new Piece("  allow this once? [y]es / [n]o: ", Style.Warning));

            switch (text?.Trim().ToLowerInvariant())
            {
                case "y" or "yes":
                    await SendAsync(question, isApproved: true, Reason, stop);
                    return true;
                case "n" or "no":
                    await SendAsync(question, isApproved: false, Reason, stop);
                    return true;
                case null:
                    terminal.Error(new Piece("  no answer; another terminal may still give one", Style.Dim));
                    return false;
                default:
                    break;
            }
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
                await SendAsync(question, isApproved: true, answer, stop);
                return true;
            }
        }

        terminal.Error(new Piece("  no answer; another terminal may still give one", Style.Dim));
        return false;
    }

    private async Task SendAsync(Question question, bool isApproved, string reason, CancellationToken stop)
    {
        try
        {
            await host.AnswerAsync(run, question.Action, isApproved, reason, stop);
        }
        catch (ProblemException late)
        {
            // Somebody else answered, or it expired, while the person was thinking.
            terminal.Error(new Piece($"  {late.Problem}", Style.Warning));
        }
    }
}

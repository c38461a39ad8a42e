using Reeve.Authority;
using Reeve.Cli.Live;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;

namespace Reeve.Cli.Interactive.Turns;

/// <summary>Carries the head of a conversation on, with the person at the prompt to ask.</summary>
internal sealed class TurnFollower(World world, Conversation conversation)
{
    /// <returns>False where it was interrupted and is parked.</returns>
    public async Task<bool> FollowAsync(RunKey run, TurnView view, CancellationToken stop)
    {
        var queue = new QuestionQueue(view);
        await RecallAsync(run, view, queue);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var prompt = new ApprovalPrompt(world.Terminal, conversation.Host, run).AnswerAllAsync(queue, ending.Token);

        try
        {
            var options = new RunLoopOptions(RunFollower.PersonTimeMax);
            conversation.State = await conversation.Host.ContinueAsync(run, queue, options, stop);
            return !stop.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            queue.Close();
            await ending.CancelAsync();
            await prompt;
        }
    }

    /// <summary>Sends what was typed meanwhile to the run that works.</summary>
    /// <exception cref="ProblemException"><c>inbox.full</c>; the message was not sent.</exception>
    public async Task SayAsync(RunKey run, TurnView view, string text, CancellationToken stop)
    {
        view.Messages.Post(text);

        try
        {
            await conversation.Host.SayAsync(run, text, stop);
        }
        catch (ProblemException)
        {
            view.Messages.Withdraw(text);
            throw;
        }
    }

    private async Task RecallAsync(RunKey run, TurnView view, QuestionQueue queue)
    {
        var open = (await conversation.Host.ReportAsync(run, CancellationToken.None)).Approvals
            .Select(approval => approval.Action).ToHashSet(StringComparer.Ordinal);

        await foreach (var shown in conversation.Host.EntriesAsync(run, 1, CancellationToken.None))
        {
            string TextOf(PayloadRef payload) => shown.Texts.GetValueOrDefault(payload, "");

            if (shown.Entry.Body is RunAdmitted)
            {
                view.Lines.OnEntry(shown.Entry, RunState.Empty, TextOf);
            }
            else
            {
                view.Lines.Recall(shown.Entry, TextOf);
            }

            // Asked before an interruption, and still without an answer.
            if (shown.Entry.Body is ApprovalRequested asked && open.Remove(asked.Action.Hex))
            {
                queue.Ask(new Question(asked.Action.Hex, TextOf(asked.Action)));
            }
        }
    }
}

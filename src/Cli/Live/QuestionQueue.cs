using System.Threading.Channels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Cli.Live;

/// <summary>Passes everything on to a view, and hands each question of the run to whoever asks the person.</summary>
internal sealed class QuestionQueue(IRunObserver view) : IRunObserver
{
    /// <summary>More open questions than this wait in the journal, for <c>reeve approve</c>.</summary>
    public const int QuestionsMax = 256;

    private readonly Channel<Question> _questions = Channel.CreateBounded<Question>(
        new BoundedChannelOptions(QuestionsMax) { FullMode = BoundedChannelFullMode.DropWrite });

    public ChannelReader<Question> Questions => _questions.Reader;

    /// <summary>Asks what was asked before and has no answer yet.</summary>
    public void Ask(Question question) => _questions.Writer.TryWrite(question);

    public void OnEntry(RunEvent entry, RunState state, Func<PayloadRef, string> textOf)
    {
        view.OnEntry(entry, state, textOf);

        if (entry.Body is ApprovalRequested asked)
        {
            _questions.Writer.TryWrite(new Question(asked.Action.Hex, textOf(asked.Action)));
        }
    }

    public void OnDelta(ModelDelta delta) => view.OnDelta(delta);

    public void OnOutput(CallId call, OutputChunk chunk) => view.OnOutput(call, chunk);

    public void Close() => _questions.Writer.TryComplete();
}

/// <param name="Action">Names the exact action; an answer carries it back.</param>
/// <param name="Proposal">The action as it was committed to, as JSON.</param>
internal sealed record Question(string Action, string Proposal);

using System.Collections.Immutable;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Views;

namespace Reeve.Kernel.Tools;

/// <summary>The grants that come from the run itself and not from its place; each can do one thing.</summary>
internal static class CallGrants
{
    public static ImmutableArray<IGrant> Of(RunWorker worker, RunState state, CallId call) =>
    [
        new ObservationArchive(worker, state), new Clock(worker), new Todo(worker, state), new Undo(worker, state),
        new Changes(worker), new Answer(worker, state, call),
    ];

    private sealed class Clock(RunWorker worker) : IClock
    {
        public DateTimeOffset UtcNow => worker.Services.Time.GetUtcNow();

        public TimeZoneInfo Zone => worker.Services.Time.LocalTimeZone;
    }

    private sealed class Todo(RunWorker worker, RunState state) : ITodoList
    {
        public async Task<Labeled<string>> ReadAsync(CancellationToken cancellationToken) => state.Todo.IsNone
            ? new Labeled<string>("", Label.BuiltIn)
            : new Labeled<string>(
                await worker.Memory.TextAsync(state.Todo, cancellationToken), worker.LabelOfContext(state));
    }

    private sealed class Undo(RunWorker worker, RunState state) : IUndo
    {
        public async Task UndoAsync(int changes, CancellationToken cancellationToken)
        {
            Problem.ThrowUnless(
                changes >= 1 && state.EarlierTrees.Count >= changes,
                "undo.nothing_left",
                $"There are {state.EarlierTrees.Count} changes that can be taken back.");
            var tree = await worker.Memory.TextAsync(state.EarlierTrees[^changes].Tree, cancellationToken);
            await worker.Place!.View.RestoreAsync(new TreeDigest(tree), cancellationToken);
        }
    }

    private sealed class Changes(RunWorker worker) : IViewChanges
    {
        public async Task<IReadOnlyList<ViewedChange>> ListAsync(CancellationToken cancellationToken) =>
        [
            .. (await worker.Place!.View.DiffAsync(cancellationToken)).Select(change => new ViewedChange(
                change.Path, change.Kind.ToString(), change.LinesAdded, change.LinesRemoved, change.UnifiedDiff)),
        ];
    }

    private sealed class Answer(RunWorker worker, RunState state, CallId call) : IPersonAnswer
    {
        public async Task<Labeled<string>> ReadAsync(CancellationToken cancellationToken)
        {
            var asked = state.Calls[call.Index];
            Problem.ThrowUnless(
                !asked.Action.IsNone && !asked.Answer.IsNone,
                "answer.missing",
                "Nobody was asked, so there is no answer; go on without one.");

            // The name of who answered stands before the words.
            var said = await worker.Memory.TextAsync(asked.Answer, cancellationToken);
            var at = said.IndexOf(": ", StringComparison.Ordinal);

            return new Labeled<string>(at < 0 ? "" : said[(at + 2)..], Label.Of([new SourceId("person")], null));
        }
    }
}

using System.Runtime.CompilerServices;
using Reeve.Authority.Labels;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Turns;

namespace Reeve.Hosting.Sessions;

/// <summary>One run of a session as lines: what was said and done in it, and the end of its chain.</summary>
/// <param name="isFirst">What it took over is exported with it: no run before it tells it.</param>
internal sealed class SessionExport(RunServices services, RunRecord record, bool isFirst)
{
    public async IAsyncEnumerable<ExportedItem> ItemsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var sealer = new PayloadSealer(record.Run, services.Keys.KeyOf(record), services.Entropy);
        var memory = new RunMemory(record.Run, services.Store, sealer);
        var verifier = new JournalVerifier(record.Run);
        var hasOrigin = false;

        await foreach (var stored in services.Store.ReadAsync(record.Run, 1, cancellationToken))
        {
            var (entry, fault) = verifier.Take(stored);

            if (fault is not null)
            {
                throw new Authority.ProblemException(new Authority.Problem(fault.Code, fault.Message));
            }

            if (entry!.Body is LabelInterned interned)
            {
                await memory.LoadLabelsAsync([interned.Definition], cancellationToken);
            }

            hasOrigin |= entry.Body is RunAdmitted { Origin: not null };

            foreach (var item in await ItemsOfAsync(entry, memory, hasOrigin, cancellationToken))
            {
                yield return item;
            }
        }

        yield return new ExportedItem(record.Run, verifier.Entries, "head", verifier.Head.ToString(), "", null);
    }

    private async Task<List<ExportedItem>> ItemsOfAsync(
        RunEvent entry, RunMemory memory, bool hasOrigin, CancellationToken cancellationToken)
    {
        var items = new List<ExportedItem>();

        switch (entry.Body)
        {
            case RunAdmitted admitted when !hasOrigin:
                await AddAsync(ContextItemKind.Goal, admitted.Goal, entry.Label);
                break;
            case GuidanceRead guidance:
                await AddAsync(ContextItemKind.Guidance, guidance.Text, entry.Label);
                break;
            case InputReceived input:
                await AddAsync(ContextItemKind.Input, input.Text, entry.Label);
                break;
            case ContextCompacted compacted:
                await AddAsync(ContextItemKind.Summary, compacted.Summary, entry.Label);
                break;
            case ModelReplied replied:
                await AddAsync(ContextItemKind.Reply, replied.Reply, entry.Label);
                break;
            case ToolFinished finished:
                await AddAsync(ContextItemKind.Observation, finished.Observation, entry.Label);
                break;
            case ContextCarried carried:
                // Of a later run of the session only what is new: the goal, which stands last.
                foreach (var item in isFirst ? carried.Items : [.. carried.Items.TakeLast(1).Where(IsGoal)])
                {
                    await AddAsync(item.Kind, item.Content, new LabelId(item.Label));
                }

                break;
        }

        return items;

        async Task AddAsync(ContextItemKind kind, PayloadRef payload, LabelId label)
        {
            var sources = memory.LabelOf(label).Sources?.Select(source => source.Name)
                .Order(StringComparer.Ordinal).ToList();

            if (kind == ContextItemKind.Reply)
            {
                Reply(await memory.ReplyAsync(payload, cancellationToken), sources);
                return;
            }

            Add(kind.ToString().ToLowerInvariant(), await memory.TextAsync(payload, cancellationToken), "", sources);
        }

        void Reply(Message reply, IReadOnlyList<string>? sources)
        {
            if (reply.Text.Length > 0)
            {
                Add("reply", reply.Text, "", sources);
            }

            foreach (var call in reply.ToolCalls)
            {
                Add("call", call.Arguments, call.Name, sources);
            }
        }

        void Add(string kind, string text, string tool, IReadOnlyList<string>? sources) => items.Add(
            new ExportedItem(
                record.Run, entry.Sequence, kind, services.Redactor.Redact(text), services.Redactor.Redact(tool),
                sources));
    }

    private static bool IsGoal(CarriedItem item) => item.Kind == ContextItemKind.Goal;
}

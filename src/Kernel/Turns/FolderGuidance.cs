using Reeve.Authority.Labels;
using Reeve.Authority.Policy;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Turns;

/// <summary>Notes for agents that lie in a subfolder are read when the agent first comes to work there.</summary>
/// <remarks>
/// Each folder on the way from the workspace to what a call touched is looked at; each is read once in a run, pinned,
/// and labelled as what the call had seen together with the workspace: an agent may have written the notes itself.
/// </remarks>
internal sealed class FolderGuidance(RunWorker worker)
{
    /// <summary>Characters of the notes of one folder that are kept; the rest is cut, and says so.</summary>
    public const int CharactersMax = 16_000;

    /// <summary>Folders of one run whose notes are read.</summary>
    public const int FoldersMax = 32;

    /// <summary>Notes of folders take no more than this part of the context: they never leave it.</summary>
    public const int PartOfContext = 8;

    /// <summary>Folders deeper than this are not looked at.</summary>
    public const int DepthMax = 32;

    public IReadOnlyList<EventDraft> Read(IReadOnlyList<Effect> effects, CallId call, RunState state)
    {
        var drafts = new List<EventDraft>();
        var (count, tokens) = (state.GuidanceFolders.Count, state.FolderGuidanceTokens);
        var seen = new HashSet<string>(StringComparer.Ordinal);

        foreach (var folder in effects.Where(IsOfFile).SelectMany(effect => FoldersTo(effect.Target)).Where(seen.Add))
        {
            var id = worker.Journal.Sealer.NameOf("folder", folder);

            if (count >= FoldersMax || state.GuidanceFolders.Contains(id)
                || worker.Place!.NotesOf(folder) is not { } notes)
            {
                continue;
            }

            var text = worker.Redact(TextOf(folder, notes.Value));
            var weight = worker.Services.Tokens.Count(text);

            // What does not fit is left out for good: the agent can read the file like any other.
            if (tokens + weight > state.Limits.ContextTokens / PartOfContext)
            {
                continue;
            }

            var label = worker.Memory.LabelOf(worker.LabelOfCall(state, call)).Join(notes.Label);
            var draft = worker.Draft(label, call.Sequence, call);
            drafts.Add(draft.Of(new GuidanceRead(draft.Payload(text), weight) { FolderId = id }));
            (count, tokens) = (count + 1, tokens + weight);
        }

        return drafts;
    }

    private static bool IsOfFile(Effect effect) =>
        effect.Kind is EffectKind.ReadFile or EffectKind.WriteFile or EffectKind.DeleteFile;

    /// <summary>The folders below the workspace on the way to a path, the outermost first, and the path itself, which
    /// may be one.</summary>
    internal static IEnumerable<string> FoldersTo(string path)
    {
        var folder = "";

        foreach (var part in path.Split('/').Where(part => part is not ("" or ".")).Take(DepthMax))
        {
            // What goes back up, or stands for many names, names no folder here.
            if (part == ".." || part.AsSpan().IndexOfAny("*?[{\0") >= 0)
            {
                yield break;
            }

            folder = folder.Length == 0 ? part : $"{folder}/{part}";
            yield return folder;
        }
    }

    private static string TextOf(string folder, string notes)
    {
        var name = string.Concat(folder.Select(letter => char.IsControl(letter) ? '?' : letter));
        var text = notes.Length <= CharactersMax
            ? notes : notes[..CharactersMax] + "\n[cut: the rest stands in the file]";
        return $"(Of the folder {name}: nearer notes go before those of the folders around it.)\n\n{text}";
    }
}

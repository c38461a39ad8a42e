using System.Text;
using Reeve.Authority;

namespace Reeve.Doors.Repositories;

/// <summary>Finds every object that a commit of a run needs and the user's repository lacks, and checks each.</summary>
/// <remarks>
/// Nothing is believed: the digest of each object, the kind it must have where it is referred to, and the names in
/// its trees. What the run made is always walked; only what it found there is taken as whole when the user has it.
/// </remarks>
/// <param name="view">The repository of the view.</param>
/// <param name="user">The user's own.</param>
/// <param name="isAdded">True for an object that was not there when the view was opened.</param>
/// <param name="isInSubmodule">True for an object that the run made in the repository of a submodule.</param>
internal sealed class CommitWalk(
    GitObjects view, GitObjects user, Func<string, bool> isAdded, Func<string, bool> isInSubmodule, ImportLimits limits)
{
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly Stack<(string Id, string Kind)> _open = new();
    private readonly List<string> _needed = [];
    private long _bytes;

    /// <summary>The objects to copy, in no particular order.</summary>
    /// <exception cref="ProblemException">
    /// <c>git.packed</c>, <c>git.damaged</c>, <c>git.unsafe_path</c>, <c>git.submodule</c>, <c>git.too_large</c>.
    /// </exception>
    public IReadOnlyList<string> Collect(string head)
    {
        Meet(head, "commit");
        while (_open.TryPop(out var next))
        {
            Visit(next.Id, next.Kind);
        }

        return _needed;
    }

    private void Meet(string id, string kind)
    {
        Problem.ThrowUnless(GitId.IsValid(id), "git.damaged", "A commit of the run names something that is no object.");
        if (_seen.TryAdd(id, kind))
        {
            Problem.ThrowUnless(
                _seen.Count <= limits.ObjectsMax,
                "git.too_large",
                $"The commits of the run have more than {limits.ObjectsMax} objects.");
            _open.Push((id, kind));
        }
    }

    private void Visit(string id, string kind)
    {
        if (!isAdded(id) && user.Has(id))
        {
            return;
        }

        var found = view.TryRead(id);
        Problem.ThrowUnless(
            found is not null,
            "git.packed",
            "The commits of the run lie in a pack, or parts of them are missing; only loose objects are brought."
            + " `git unpack-objects` in the run makes them so.");
        Problem.ThrowUnless(
            found.Kind == kind, "git.damaged", $"The object {id} of the run's repository is no {kind}.");
        _bytes += found.Content.Length;
        Problem.ThrowUnless(
            _bytes <= limits.TotalBytesMax,
            "git.too_large",
            $"The commits of the run have more than {limits.TotalBytesMax} bytes.");

        _needed.Add(id);
        switch (kind)
        {
            case "commit":
                VisitCommit(found.Content, id.Length);
                break;
            case "tree":
                VisitTree(found.Content, id.Length / 2);
                break;
            default:
                break;
        }
    }

    private void VisitCommit(ReadOnlySpan<byte> content, int idLength)
    {
        var hasTree = false;
        foreach (var range in content.Split((byte)'\n'))
        {
            var line = content[range];
            var isTree = line.StartsWith("tree "u8);
            if (!isTree && !line.StartsWith("parent "u8))
            {
                break;
            }

            Problem.ThrowUnless(
                isTree != hasTree, "git.damaged", "A commit of the run has not exactly one tree.");
            hasTree = true;
            var id = Encoding.ASCII.GetString(line[(isTree ? 5 : 7)..]);
            Problem.ThrowUnless(id.Length == idLength, "git.damaged", "A commit of the run names no object.");
            Meet(id, isTree ? "tree" : "commit");
        }

        Problem.ThrowUnless(hasTree, "git.damaged", "A commit of the run has no tree.");
    }

    private void VisitTree(ReadOnlySpan<byte> content, int idBytes)
    {
        while (!content.IsEmpty)
        {
            var space = content.IndexOf((byte)' ');
            var end = content.IndexOf((byte)0);
            Problem.ThrowUnless(
                space > 0 && end > space + 1 && content.Length > end + idBytes,
                "git.damaged",
                "A tree of the run's commits is cut short.");
            var mode = Encoding.ASCII.GetString(content[..space]);
            var name = Encoding.UTF8.GetString(content[(space + 1)..end]);
            var id = Convert.ToHexStringLower(content.Slice(end + 1, idBytes));
            content = content[(end + 1 + idBytes)..];

            Problem.ThrowUnless(
                TreeNames.IsSafe(name, isLink: mode == "120000"),
                "git.unsafe_path",
                "A commit of the run has a name in it that git must not check out.");
            VisitEntry(mode, id);
        }
    }

    private void VisitEntry(string mode, string id)
    {
        switch (mode)
        {
            case "40000":
                Meet(id, "tree");
                break;
            case "100644" or "100755" or "100664" or "120000":
                Meet(id, "blob");
                break;
            case "160000":
                // The commit of a submodule is only named. One that the run made would be named and nowhere.
                Problem.ThrowUnless(
                    !isInSubmodule(id),
                    "git.submodule",
                    "The run has committed inside a submodule, and its commits there cannot be brought.");
                break;
            default:
                Problem.Throw("git.damaged", "A tree of the run's commits has an entry of an unknown kind.");
                break;
        }
    }
}

using Reeve.Authority;
using Reeve.Doors.Repositories;

namespace Reeve.Doors.Views;

/// <summary>The commits that a run made with git in its view, and how they come to the user's repository.</summary>
/// <remarks>
/// They arrive as one branch of their own: HEAD, index, config, hooks and every other reference of the user stay
/// as they are. What is brought is the commit that HEAD of the view stands on, or the one new branch there is.
/// </remarks>
internal sealed class RunCommits
{
    private const string Objects = ".git/objects/", Heads = ".git/refs/heads/";
    private const int ReferenceBytesMax = 4_096, PackedBytesMax = 64 * 1024 * 1024;

    private readonly WorkspaceView _view;
    private readonly TreeState _state;
    private readonly UserTree _workspace;
    private readonly GitBranches _branches;
    private readonly GitObjects _made;
    private readonly GitObjects _user;
    private readonly HashSet<string> _added = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inSubmodules = new(StringComparer.Ordinal);
    private readonly bool _hasNewPack;

    public RunCommits(WorkspaceView view, TreeState state, UserTree workspace)
    {
        (_view, _state, _workspace) = (view, state, workspace);
        _branches = new GitBranches(workspace.Root);
        _user = new GitObjects(_branches.Open, _branches.Children);
        _made = new GitObjects(view.TryOpenAny, _ => []);

        foreach (var (path, change) in state.Changes)
        {
            if (change.Kind != NodeKind.File || view.OriginalBase(path).Kind != NodeKind.Absent)
            {
                continue;
            }

            if (GitId.OfLoosePath(path) is { } id)
            {
                (path.StartsWith(Objects, StringComparison.Ordinal) ? _added : _inSubmodules).Add(id);
            }

            _hasNewPack |= path.StartsWith(Objects + "pack/", StringComparison.Ordinal);
        }
    }

    /// <summary>What to do with the branch, and the objects it needs first; null where the run made no
    /// commit.</summary>
    /// <param name="placed">Where an earlier apply of this run has put the branch.</param>
    /// <exception cref="ProblemException">A code of <c>git.*</c>: the commits cannot be brought, and why.</exception>
    public (BranchChange Change, IReadOnlyList<string> Objects)? Find(
        string branch, string? placed, ImportLimits limits)
    {
        var head = _added.Count > 0 || _hasNewPack ? NewCommit() : null;
        if (head is null)
        {
            Problem.ThrowUnless(
                _inSubmodules.Count == 0,
                "git.submodule",
                "The run has committed inside a submodule, and its commits there cannot be brought.");

            return null;
        }

        if (_branches.Refusal(branch) is { } refusal)
        {
            throw new ProblemException(refusal);
        }

        var objects = new CommitWalk(_made, _user, _added.Contains, _inSubmodules.Contains, limits).Collect(head);
        var present = _branches.Read(branch);
        Problem.ThrowUnless(
            present is null || present == placed || present == head,
            "git.branch_moved",
            $"The branch {branch} is not where the last apply put it; remove or rename it first.");

        return present == head ? null : (new BranchChange(branch, present, head), objects);
    }

    /// <summary>Adds the objects to the user's repository, where nothing refers to them yet.</summary>
    public void Bring(IReadOnlyList<string> objects)
    {
        var target = new LooseObjects(_workspace.Root);
        foreach (var id in objects)
        {
            target.Put(id, _made.TryRead(id) ?? throw new ProblemException(new Problem(
                "view.changed", "The run's repository changed while it was being read; try again.")));
        }
    }

    private string? NewCommit()
    {
        var head = Resolve(ReadText(".git/HEAD", ReferenceBytesMax)?.Trim());
        if (head is not null && (_added.Contains(head) || !_user.Has(head)))
        {
            return head;
        }

        var others = _state.Changes.Keys
            .Where(path => path.StartsWith(Heads, StringComparison.Ordinal))
            .Select(path => ReadText(path, ReferenceBytesMax)?.Trim())
            .Where(id => id is not null && _added.Contains(id))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        Problem.ThrowUnless(
            others.Count < 2,
            "git.many_branches",
            "The run has committed on several branches and stands on none of them, so none is brought.");

        return others.FirstOrDefault();
    }

    private string? Resolve(string? head)
    {
        if (head is null || !head.StartsWith("ref: ", StringComparison.Ordinal))
        {
            return head is not null && GitId.IsValid(head) ? head : null;
        }

        var reference = head["ref: ".Length..];
        if (!reference.StartsWith("refs/heads/", StringComparison.Ordinal)
            || reference.Split('/').Any(part => part is "" or "." or ".."))
        {
            return null;
        }

        var id = ReadText($".git/{reference}", ReferenceBytesMax)?.Trim()
            ?? ReadText(".git/packed-refs", PackedBytesMax)?.Split('\n')
                .FirstOrDefault(line => line.EndsWith(" " + reference, StringComparison.Ordinal))?.Split(' ')[0];

        return id is not null && GitId.IsValid(id) ? id : null;
    }

    private string? ReadText(string path, int bytesMax)
    {
        using var file = _view.TryOpenAny(path);

        return GitText.Read(file, bytesMax);
    }
}

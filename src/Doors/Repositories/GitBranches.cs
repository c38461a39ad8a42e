using System.Text;
using Microsoft.Win32.SafeHandles;
using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Doors.Files;

namespace Reeve.Doors.Repositories;

/// <summary>Sets and removes one branch of a repository, and touches nothing else of it.</summary>
/// <remarks>
/// By git's own protocol for loose references: a lock file beside the reference that only one may make, then a
/// rename. No hook runs and no config is read, since git itself is not run.
/// </remarks>
internal sealed class GitBranches(SafeFileHandle root)
{
    private const int ReferenceBytesMax = 4_096, PackedBytesMax = 64 * 1024 * 1024;
    private const string Heads = ".git/refs/heads/";

    /// <summary>Where a branch is; null where there is none.</summary>
    public string? Read(string branch) => ReadLoose(branch) ?? ReadPacked(branch);

    /// <summary>Moves a branch from one commit to another; null is no branch.</summary>
    /// <exception cref="ProblemException">
    /// <c>git.branch_moved</c>, <c>git.branch_refused</c>, <c>git.busy</c>.
    /// </exception>
    public void Move(string branch, string? from, string? to)
    {
        using var folder = OpenFolder(branch, to is not null);
        if (folder is null)
        {
            Problem.ThrowUnless(from is null, "git.branch_moved", $"The branch {branch} was moved meanwhile.");
            return;
        }

        var name = branch[(branch.LastIndexOf('/') + 1)..];
        var locked = NameCodec.Terminated(name + ".lock");
        using var held = Hold(folder, locked);
        try
        {
            Problem.ThrowUnless(
                Read(branch) == from, "git.branch_moved", $"The branch {branch} was moved meanwhile.");
            Problem.ThrowUnless(
                to is not null || ReadPacked(branch) is null,
                "git.branch_refused",
                $"The branch {branch} was packed; `git branch -D {branch}` removes it.");
            if (to is not null)
            {
                RandomAccess.Write(held, Encoding.ASCII.GetBytes(to + "\n"), 0);
                AtomicFile.Finish(held, 0x1A4, OwnerOf(folder));
                FileFailure.ThrowIfFailed(Native.Rename(folder, locked, folder, NameCodec.Terminated(name)));
            }
            else
            {
                Native.Unlink(folder, NameCodec.Terminated(name), 0);
            }
        }
        finally
        {
            Native.Unlink(folder, locked, 0);
            TreeFiles.Sync(folder);
        }
    }

    /// <summary>Why a branch cannot be made here; null where it can.</summary>
    public Problem? Refusal(string branch)
    {
        using var objects = Beneath.TryOpen(
            root, ".git/objects", Native.OpenPath | Native.OpenDirectory, followLinks: false).Handle;
        if (objects is null)
        {
            return new Problem(
                "git.no_repository",
                "The run has made commits, but the workspace itself holds no repository that they could come to:"
                + " it has none, or is a worktree whose repository lies elsewhere.");
        }

        using var tables = Beneath.TryOpen(root, ".git/reftable", Native.OpenPath, followLinks: false).Handle;
        if (tables is not null)
        {
            return new Problem(
                "git.reftable", "The repository keeps its branches in a reftable, which Reeve does not write.");
        }

        var above = branch[..branch.LastIndexOf('/')];
        using var file = Beneath.TryOpen(root, Heads + above, Native.OpenPath, followLinks: false).Handle;
        var isFile = file is not null && TreeFiles.Stat(file).Kind != FileKind.Directory;

        return isFile || ReadPacked(above) is not null
            ? new Problem("git.branch_refused", $"A branch named {above} is in the way of {branch}.")
            : null;
    }

    /// <summary>True where a HEAD of the repository stands on the branch: removing it would leave it nowhere.</summary>
    public bool IsCheckedOut(string branch)
    {
        var line = $"ref: refs/heads/{branch}";
        var worktrees = Children(".git/worktrees").Select(path => path + "/HEAD");

        return worktrees.Prepend(".git/HEAD").Any(path => ReadText(path, ReferenceBytesMax)?.Trim() == line);
    }

    /// <summary>Removes the lock that a crash of ours has left beside the branch.</summary>
    public void Unlock(string branch)
    {
        using var folder = OpenFolder(branch, canMake: false);
        if (folder is not null)
        {
            Native.Unlink(folder, NameCodec.Terminated(branch[(branch.LastIndexOf('/') + 1)..] + ".lock"), 0);
        }
    }

    /// <summary>True where the branch stands in packed-refs, which holds other branches too and stays as it
    /// is.</summary>
    public bool IsPacked(string branch) => ReadPacked(branch) is not null;

    public SafeFileHandle? Open(string path) => Beneath.TryOpen(
        root, path, Native.OpenRead | Native.OpenNonBlock, followLinks: false).Handle;

    public IEnumerable<string> Children(string path)
    {
        using var folder = Beneath.TryOpen(
            root, path, Native.OpenRead | Native.OpenDirectory, followLinks: false).Handle;

        return folder is null ? [] : TreeFiles.Names(folder).Select(name => $"{path}/{name}").ToList();
    }

    private static SafeFileHandle Hold(SafeFileHandle folder, byte[] locked)
    {
        var flags = Native.OpenWrite | Native.OpenCreate | Native.OpenExclusive | Native.OpenNoFollow;
        var descriptor = Native.Openat(folder, locked, flags | Native.OpenCloseOnExec, 0x180);
        Problem.ThrowUnless(
            descriptor >= 0 || Native.Error != Native.Exists,
            "git.busy",
            "Git is at work on the branches of this repository; try again when it has ended.");

        return new SafeFileHandle(FileFailure.ThrowIfFailed(descriptor), ownsHandle: true);
    }

    private static (uint User, uint Group)? OwnerOf(SafeFileHandle folder)
    {
        var stat = TreeFiles.Stat(folder);

        return Native.EffectiveUser() == 0 ? (stat.User, stat.Group) : null;
    }

    private SafeFileHandle? OpenFolder(string branch, bool canMake)
    {
        var directory = Native.OpenRead | Native.OpenDirectory;
        var heads = Beneath.TryOpen(root, Heads.TrimEnd('/'), directory, followLinks: false).Handle;
        foreach (var part in branch.Split('/')[..^1])
        {
            if (heads is null)
            {
                return null;
            }

            using var above = heads;
            if (canMake && Native.MakeDirectory(above, NameCodec.Terminated(part), 0x1ED) >= 0)
            {
                using var made = TreeFiles.TryOpen(above, part, Native.OpenDirectory);
                if (made is not null && OwnerOf(above) is { } owner)
                {
                    TreeFiles.ChangeOwner(made, owner.User, owner.Group);
                }

                TreeFiles.Sync(above);
            }

            heads = TreeFiles.TryOpen(above, part, Native.OpenDirectory);
        }

        Problem.ThrowUnless(
            heads is not null || !canMake,
            "git.branch_refused",
            $"The branch {branch} cannot be made in this repository.");

        return heads;
    }

    private string? ReadLoose(string branch)
    {
        var text = ReadText(Heads + branch, ReferenceBytesMax)?.Trim();

        return text is not null && GitId.IsValid(text) ? text : null;
    }

    private string? ReadPacked(string branch)
    {
        var line = ReadText(".git/packed-refs", PackedBytesMax)?.Split('\n')
            .FirstOrDefault(each => each.EndsWith($" refs/heads/{branch}", StringComparison.Ordinal));

        return line?.Split(' ')[0];
    }

    private string? ReadText(string path, int bytesMax)
    {
        using var file = Open(path);

        return GitText.Read(file, bytesMax);
    }
}

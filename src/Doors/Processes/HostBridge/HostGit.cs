using System.Text;
using Reeve.Authority;
using Reeve.Authority.Mandates;

namespace Reeve.Doors.Processes.HostBridge;

/// <summary>Keeps a repository from naming programs that git would start on the machine.</summary>
/// <remarks>
/// Git takes monitors, filters, converters, helpers and more from a repository's own configuration (git-config(1)),
/// also for commands that only read. Hooks and the monitor are switched off. Any other key of the repository that is
/// not known to be plain data refuses the command, since there is no end to the names such keys can have; what the
/// user has configured for all repositories stays.
/// </remarks>
internal static class HostGit
{
    private const string Name = "git";

    private static readonly string[] s_quiet =
    [
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "core.pager=cat",
        "-c", "submodule.recurse=false", "-c", "diff.ignoreSubmodules=all", "-c", "push.recurseSubmodules=no",
        "-c", "fetch.recurseSubmodules=no", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    ];

    private static readonly HashSet<string> s_plain = new(StringComparer.Ordinal)
    {
        "core.abbrev", "core.autocrlf", "core.bare", "core.bigfilethreshold", "core.compression", "core.eol",
        "core.filemode", "core.ignorecase", "core.logallrefupdates", "core.longpaths", "core.precomposeunicode",
        "core.quotepath", "core.repositoryformatversion", "core.safecrlf", "core.sharedrepository",
        "core.sparsecheckout", "core.sparsecheckoutcone", "core.symlinks", "core.untrackedcache", "core.whitespace",
        "diff.algorithm", "diff.renames", "extensions.objectformat", "extensions.partialclone",
        "extensions.refstorage", "extensions.worktreeconfig", "fetch.prune", "fetch.prunetags", "init.defaultbranch",
        "merge.conflictstyle", "merge.ff", "pull.ff", "pull.rebase", "push.autosetupremote", "push.default",
        "push.followtags", "rebase.autosquash", "rebase.autostash", "remote.pushdefault", "rerere.enabled",
        "submodule.active", "user.email", "user.name",
    };

    private static readonly string[] s_plainSections = ["branch.", "color.", "gc.", "pack.", "remote.", "submodule."];

    // What programs and options hang on in those sections.
    private static readonly string[] s_notPlain =
        [".uploadpack", ".receivepack", ".vcs", ".proxy", ".mergeoptions", ".update", ".recentobjectshook"];

    /// <summary>The arguments with which the program may be started.</summary>
    /// <exception cref="ProblemException"><c>host.repository_refused</c>.</exception>
    public static async Task<IReadOnlyList<string>> PrepareAsync(
        string program, IReadOnlyList<string> arguments, Func<IReadOnlyList<string>, Task<CommandResult>> runAsync)
    {
        if (program != Name)
        {
            return arguments;
        }

        IReadOnlyList<string> place = arguments is ["-C", var folder, ..] ? ["-C", folder] : [];
        ThrowUnless(arguments.Count > place.Count && !arguments[place.Count].StartsWith('-'));
        var listed = await runAsync([.. place, "config", "--list", "--show-scope", "--includes", "--name-only", "-z"]);
        ThrowUnless(listed is { ExitCode: 0, Limit: CommandLimit.None, Output.IsTruncated: false });
        var words = Encoding.UTF8.GetString([.. listed.Output.Head.Span, .. listed.Output.Tail.Span]).Split('\0');

        // Scope and name stand in turn; what comes from the system and the user is theirs.
        ThrowUnless(words.Chunk(2).Where(pair => pair.Length == 2)
            .All(pair => pair[0] is "system" or "global" || IsPlain(pair[1])));

        return [.. s_quiet, .. arguments];
    }

    private static bool IsPlain(string key) => s_plain.Contains(key)
        || (Array.Exists(s_plainSections, section => key.StartsWith(section, StringComparison.Ordinal))
            && !Array.Exists(s_notPlain, end => key.EndsWith(end, StringComparison.Ordinal)));

    private static void ThrowUnless(bool holds) => Problem.ThrowUnless(
        holds, "host.repository_refused",
        "The configuration of this repository can start programs or lead elsewhere, so git is not started for it on the"
            + " machine; `git config --list --show-scope` shows what is there.");
}

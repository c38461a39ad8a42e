using System.Collections.Immutable;
using Reeve.Authority.Policy.Programs;

namespace Reeve.Authority.Policy;

/// <summary>Knows commands whose damage cannot be taken back, whatever rules allow.</summary>
/// <remarks>
/// It looks at commands, never at text: a search for <c>rm -rf</c> is a search. What is protected in every mode is
/// denied: a forced push, the deletion of a protected branch, a repository's own data, Reeve's configuration and
/// journal, and answers to Reeve's own questions. What destroys is asked, also where a rule allows the program.
/// </remarks>
internal static class CommandGuard
{
    private static readonly HashSet<string> s_changing = new(StringComparer.Ordinal)
    {
        "rm", "mv", "cp", "ln", "install", "tee", "dd", "truncate", "touch", "chmod", "chown", "chgrp", "mkdir",
        "rmdir",
        "unlink", "shred", "ed", "patch", "rsync", "sponge", "rename", "sed", "perl", "chattr", "setfacl", "sqlite3",
    };

    private static readonly HashSet<string> s_ending = new(StringComparer.Ordinal)
    {
        "shutdown", "reboot", "halt", "poweroff", "init", "telinit", "wipefs", "fdisk", "sfdisk", "cfdisk", "parted",
        "sgdisk", "blkdiscard", "mkswap", "shred", "killall", "pkill", "userdel", "groupdel", "visudo", "crontab",
        "kexec",
        "rmmod", "swapoff", "lvremove", "vgremove", "pvremove", "zpool", "cryptsetup", "hdparm", "nvme", "debugfs",
        "srm",
        "wipe", "deluser", "passwd", "chpasswd",
    };

    private static readonly string[] s_roots =
    [
        "/", "/*", "~", "~/", "~/*", "$HOME", "$HOME/", "$HOME/*", ".", "./", "..", "../", "*", "./*", ".*", "/.",
        "../*",
    ];

    /// <summary>What the guard says of a command; null where it has nothing against it.</summary>
    public static (Decision Decision, string Reason, string Rule)? Of(
        SimpleCommand command, bool onlyReads, ProtectedBranches branches)
    {
        if (command.Words.IsEmpty)
        {
            return null;
        }

        // The text of an unknown program is still its likely name.
        var words = command.Words;
        var program = ShellWrappers.NameOf(words[0].Text);

        if (program == "git" && OfGit(words, branches) is { } git)
        {
            return git;
        }

        if (program == "reeve" && !onlyReads && words.Any(word => word.Text is "approve" or "apply" or "undo"
            or "discard"
            or "resume" or "cancel"))
        {
            return (Decision.Deny, "Reeve's own questions are answered by a person.", "guard: approvals");
        }

        if (!onlyReads && s_changing.Contains(program) && OfProtected(program, words) is { } isProtected)
        {
            return isProtected;
        }

        return OfDestruction(program, words) is { } reason ? (Decision.Ask, reason, "guard: destruction") : null;
    }

    /// <summary>What the guard says of a file that a redirection writes.</summary>
    public static (Decision Decision, string Reason, string Rule)? OfWrite(ShellWord target) =>
        Places.IsReeves(target.Text) || ProtectedPaths.Contains(target.Text)
            ? (Decision.Deny, Protected, "guard: protected")
            : null;

    private const string Protected =
        "A repository's .git and Reeve's configuration, journal and data are protected in every mode.";

    private static (Decision, string, string)? OfProtected(string program, ImmutableArray<ShellWord> words)
    {
        var paths = words.Skip(1).Where(word => !word.Text.StartsWith('-')).ToList();

        // Copying out of it is no harm to it.
        if (program is "cp" or "rsync" or "ln" or "install" && paths.Count > 1)
        {
            paths = [paths[^1]];
        }

        var isProtected = paths.Exists(word => Places.IsReeves(word.Text)
            || ProtectedPaths.Contains(word.Text.AsSpan().TrimStart("of=")));

        return isProtected ? (Decision.Deny, Protected, "guard: protected") : null;
    }

    private static (Decision, string, string)? OfGit(
        ImmutableArray<ShellWord> words, ProtectedBranches branches)
    {
        var arguments = words.Select(word => word.Text).Skip(1).ToList();
        var at = arguments.FindIndex(text => !text.StartsWith('-') && !text.Contains('/', StringComparison.Ordinal)
            && !text.Contains('=', StringComparison.Ordinal) && text is not ".");

        if (at < 0)
        {
            return null;
        }

        var rest = arguments[(at + 1)..];

        return arguments[at] switch
        {
            "push" => OfPush(rest, branches),
            "branch" when rest.Exists(text => text is "-D" or "-d" or "-M" or "-f" or "--delete" or "--force")
                && rest.Exists(branches.Contains) =>
                (Decision.Deny, "A protected branch stays protected in every mode.", "guard: protected branch"),
            "reset" when rest.Exists(text => text is "--hard" or "--merge") => Loses("git reset --hard"),
            "clean" when rest.Exists(text => text is "--force" || (text is ['-', not '-', ..]
                && text.Contains('f', StringComparison.Ordinal))) => Loses("git clean -f"),
            "checkout" or "restore" or "switch" when rest.Exists(text => text is "." or "-f" or "--force"
                or "--discard-changes" or ":/") => Loses($"git {arguments[at]}"),
            "stash" when rest.Exists(text => text is "drop" or "clear") => Loses("git stash drop"),
            "filter-branch" or "filter-repo" => Loses($"git {arguments[at]}"),
            "update-ref" when rest.Exists(text => text is "-d" or "--delete") => Loses("git update-ref -d"),
            "reflog" when rest.Exists(text => text is "expire" or "delete") => Loses("git reflog expire"),
            _ => null,
        };
    }

    private static (Decision, string, string) Loses(string command) =>
        (Decision.Ask, $"{command} loses work that nothing brings back.", "guard: destruction");

    private static (Decision, string, string)? OfPush(List<string> rest, ProtectedBranches protectedBranches)
    {
        var isForced = rest.Exists(text => text.StartsWith('+') || text is "--mirror" or "--prune"
            || text.StartsWith("--forc", StringComparison.Ordinal)
            || (text is ['-', not '-', ..] && text[1..].Contains('f', StringComparison.Ordinal)
                && !text.StartsWith("-o", StringComparison.Ordinal)));

        if (isForced)
        {
            return (Decision.Deny, "A forced push is refused in every mode.", "guard: force push");
        }

        var isDeleted = rest.Exists(text => text is "--delete" or "-d" || text.StartsWith(':'));
        var branches = rest.Where(text => !text.StartsWith('-')).Skip(isDeleted ? 0 : 1)
            .Select(text => BranchOf(text)).ToList();
        var isProtected = branches.Exists(protectedBranches.Contains);

        return (isDeleted, isProtected) switch
        {
            (true, true) => (Decision.Deny, "A protected branch stays protected in every mode.",
                "guard: protected branch"),
            (true, false) => Loses("Deleting a branch elsewhere"),
            (false, true) => (Decision.Ask, "It changes a protected branch.", "guard: protected branch"),
            _ => null,
        };
    }

    private static string BranchOf(string text)
    {
        var target = text[(text.LastIndexOf(':') + 1)..];

        return target.StartsWith("refs/heads/", StringComparison.Ordinal) ? target[11..] : target;
    }

    private static string? OfDestruction(string program, ImmutableArray<ShellWord> words)
    {
        var paths = words.Skip(1).Where(word => !word.Text.StartsWith('-')).ToList();
        var flags = words.Skip(1).Where(word => word.Text.StartsWith('-')).Select(word => word.Text).ToList();
        var isRecursive = flags.Exists(flag => flag is "--recursive" || (flag is ['-', not '-', ..]
            && flag.AsSpan().ContainsAny('r', 'R')));

        return program switch
        {
            "rm" or "chmod" or "chown" or "chgrp" when isRecursive && paths.Exists(IsRoot) =>
                $"{program} would reach far beyond one folder.",
            "rm" when flags.Contains("--no-preserve-root") => "rm would reach far beyond one folder.",
            "rm" or "mv" when paths.Exists(path => path.Text is "/" or "/*" or "~" or "~/") =>
                $"{program} would reach far beyond one folder.",
            "dd" when words.Any(word => word.Text.StartsWith("of=/dev/", StringComparison.Ordinal)) =>
                "dd would overwrite a device.",
            "kill" when words.Any(word => word.Text is "-1" or "1") && words.Length > 2 => "kill would end everything.",
            "systemctl" when words.Any(word => word.Text is "poweroff" or "reboot" or "halt" or "stop" or "disable"
                or "mask" or "kexec" or "rescue" or "emergency") => "systemctl would stop something.",
            "history" when flags.Contains("-c") => "It removes the history.",
            "iptables" or "nft" when flags.Contains("-F") || words.Any(word => word.Text is "flush") =>
                "It opens the firewall.",
            "find" when words.Any(word => word.Text is "-delete") && paths.Exists(IsRoot)
                && paths[0].Text is "/" or "~" or "$HOME" => "find would delete far beyond one folder.",
            "git" => null,
            "crontab" when !flags.Contains("-r") => null,
            _ when s_ending.Contains(program) || program.StartsWith("mkfs", StringComparison.Ordinal) =>
                $"{program} does what nothing brings back.",
            _ => null,
        };
    }

    private static bool IsRoot(ShellWord word)
    {
        var text = word.Text.Length > 1 ? word.Text.TrimEnd('/') : word.Text;
        var isTop = text.StartsWith('/') && text.AsSpan(1).IndexOf('/') < 0;

        return s_roots.Contains(word.Text) || s_roots.Contains(text) || isTop
            || (word.HasUnknownStart && word.Pieces[0].Kind is not ShellPieceKind.Glob)
            || text.StartsWith("~", StringComparison.Ordinal) && !text.Contains('/', StringComparison.Ordinal)
            || (text.StartsWith('/') && text is ['/', ..] && text.Split('/') is [_, "usr" or "etc" or "var" or "home"
                or "boot"
                or "lib" or "bin" or "sbin" or "root" or "opt", "*" or ""]);
    }
}

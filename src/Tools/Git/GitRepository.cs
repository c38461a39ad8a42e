using System.Globalization;
using System.Text;
using Reeve.Authority;
using Reeve.Authority.Labels;
using Reeve.Authority.Mandates;
using Reeve.Kernel.Tools;
using Reeve.Tools.Shell;

namespace Reeve.Tools.Git;

/// <summary>Runs git in the sandbox on the repository of the view, with nothing that the repository
/// configures.</summary>
/// <remarks>
/// Git takes programs from the configuration of a repository: hooks, filters, converters, a pager, a monitor, a
/// signer. Not one of their names is looked for here. Git is given another common directory
/// (gitrepository-layout(5), <c>GIT_COMMON_DIR</c>), which leads to objects and references and has a configuration
/// of its own, into which a short list of harmless keys is copied. Attributes then name drivers that nobody defines.
/// </remarks>
internal static class GitRepository
{
    private const int NoRepository = 97, ShellFoundNothing = 127;

    private const string Prepare = """
        set -eu
        g=/workspace/.git c=/tmp/reeve-git
        command -v git > /dev/null || exit 127
        [ -d "$g" ] && [ ! -L "$g" ] || exit 97
        mkdir -p "$c/info"
        for part in objects refs packed-refs logs shallow info/exclude; do
          [ ! -e "$g/$part" ] || ln -s "$g/$part" "$c/$part"
        done
        export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_CEILING_DIRECTORIES=/ GIT_ATTR_NOSYSTEM=1
        export GIT_TERMINAL_PROMPT=0 GIT_PAGER=cat GIT_EDITOR=false GIT_SEQUENCE_EDITOR=false GIT_ASKPASS=false
        export GIT_SSH_COMMAND=false GIT_ALLOW_PROTOCOL= GIT_LITERAL_PATHSPECS=1 GIT_NO_REPLACE_OBJECTS=1
        export GIT_OPTIONAL_LOCKS=0
        cd "$c"
        : > config
        git config --file "$g/config" --no-includes --get-regexp '^(core|user|branch|remote|extensions)\.' \
          2> /dev/null < /dev/null | head -n 500 | while read -r key value; do
          case $key in
            core.filemode|core.symlinks|core.ignorecase|core.autocrlf|core.eol|core.precomposeunicode|\
            core.repositoryformatversion|extensions.objectformat|user.name|user.email|\
            branch.*.remote|branch.*.merge|remote.*.fetch)
              git config --file config --add "$key" "$value" < /dev/null || exit 97 ;;
          esac
        done
        export GIT_DIR="$g" GIT_COMMON_DIR="$c" GIT_WORK_TREE=/workspace
        cd /workspace
        git() {
          command git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.attributesFile=/dev/null \
            -c core.pager=cat -c gc.auto=0 -c maintenance.auto=false -c diff.ignoreSubmodules=all \
            -c submodule.recurse=false -c protocol.allow=never -c credential.helper= -c commit.gpgSign=false \
            -c core.quotePath=false -c color.ui=false "$@"
        }
        git config user.name > /dev/null || export GIT_AUTHOR_NAME=reeve GIT_COMMITTER_NAME=reeve
        git config user.email > /dev/null ||
          export GIT_AUTHOR_EMAIL=reeve@localhost GIT_COMMITTER_EMAIL=reeve@localhost

        """;

    private static readonly TimeSpan s_timeMax = TimeSpan.FromMinutes(2);

    /// <summary>Runs one git command.</summary>
    public static Task<GitAnswer> RunAsync(
        ToolContext context, IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        RunAsync(context, "git \"$@\" < /dev/null", arguments, input: "", cancellationToken);

    /// <summary>Runs several, as lines of a shell that are ours; what comes from outside is only in
    /// <c>"$@"</c>.</summary>
    public static async Task<GitAnswer> RunAsync(
        ToolContext context,
        string script,
        IEnumerable<string> arguments,
        string input,
        CancellationToken cancellationToken)
    {
        var command = new Command(
            ["/bin/sh", "-c", Prepare + script, "git", .. arguments],
            Input: Encoding.UTF8.GetBytes(input),
            TimeLimit: s_timeMax);
        var ended = await context.Grant<IPrograms>().RunAsync(command, context.OnOutput, cancellationToken);
        var result = ended.Value;

        Problem.ThrowUnless(
            result.ExitCode != NoRepository,
            "git.no_repository",
            "The workspace has no git repository of its own in the folder .git.");
        Problem.ThrowUnless(
            result.ExitCode != ShellFoundNothing, "git.missing", "The sandbox has no git; install it on the machine.");
        Problem.ThrowUnless(
            result.ExitCode is not null, "git.ended", "Git was ended by a limit of the sandbox; ask for less at once.");

        return new GitAnswer(
            result.ExitCode.Value, TextOf(result.Output), result.Output.IsTruncated, result.ErrorOutput, ended.Label);
    }

    private static string TextOf(OutputText output) => Encoding.UTF8.GetString(
        output.IsTruncated ? output.Head.Span : [.. output.Head.Span, .. output.Tail.Span]);
}

/// <summary>What git said. Where it was cut, <paramref name="Text"/> is its beginning.</summary>
internal sealed record GitAnswer(int ExitCode, string Text, bool IsCut, OutputText ErrorOutput, Label Label)
{
    public bool IsDone => ExitCode == 0;

    /// <summary>The records that a NUL ends; a last one that was cut off is left out.</summary>
    public IEnumerable<string> Records() => IsCut ? Text.Split('\0').SkipLast(1) : Text.Split('\0')
        .Where((record, index) => record.Length > 0 || index < Text.Count(letter => letter == '\0'));

    /// <summary>Says that git refused, in its own words.</summary>
    public ToolOutput Failure()
    {
        var message = new StringBuilder();
        TerminalText.Append(message, ErrorOutput.Head.Span);
        TerminalText.Append(message, Encoding.UTF8.GetBytes(Text.Length > 4_000 ? Text[..4_000] : Text));

        return new ToolOutput(
            JsonPage.Write(json =>
            {
                json.WriteString("error", string.Create(CultureInfo.InvariantCulture, $"git: exit code {ExitCode}"));
                json.WriteNumber("exitCode", ExitCode);
                json.WriteString("message", message.ToString().Trim());
            }),
            Label,
            IsError: true);
    }
}

using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Xunit;

namespace Reeve.Tests.Adversarial.Policy;

public sealed class CommandRuleBypassTests
{
    private static readonly Mandate s_open = Mandate.Default("m", "ada", canAsk: true);

    private static readonly Mandate s_guarded = s_open with
    {
        Rules =
        [
            RuleSyntax.Parse("Bash(git push:*)", Decision.Deny, RuleTier.User),
            RuleSyntax.Parse("Bash(echo:*)", Decision.Allow, RuleTier.User),
            RuleSyntax.Parse("Bash(true)", Decision.Allow, RuleTier.User),
            RuleSyntax.Parse("Bash(env:*)", Decision.Allow, RuleTier.User),
            RuleSyntax.Parse("Bash(sh:*)", Decision.Allow, RuleTier.User),
        ],
    };

    public static TheoryData<string> Bypasses => new(
        "git push",
        "git  push",
        "git\tpush origin main",
        "  git push",
        "true && git push",
        "true || git push",
        "true; git push",
        "true | git push",
        "true & git push",
        "true\ngit push",
        "echo $(git push)",
        "echo \"$(git push)\"",
        "echo `git push`",
        "echo \"`git push`\"",
        "echo <(git push)",
        "sh -c 'git push'",
        "bash -lc \"git push\"",
        "sh -c 'sh -c \"git push\"'",
        "env git push",
        "env A=b git push",
        "env -u A git push",
        "env -i git push",
        "env -S 'git push'",
        "A=b git push",
        "g\"i\"t push",
        "g'i't push",
        "gi\\t push",
        "\\git push",
        "'git' \"push\"",
        "$'git' push",
        "$(echo git) push",
        "g${x}it push",
        "$x push",
        "git $x",
        "g?t push",
        "{git,push}",
        "/usr/bin/git push",
        "./../usr/bin/git push",
        "git -C . push",
        "git --no-pager push",
        "git -c a=b push",
        "git --git-dir=.git push",
        "command git push",
        "exec git push",
        "nohup git push",
        "timeout 5 git push",
        "nice -n 5 git push",
        "time git push",
        "xargs git push",
        "sudo -u x git push",
        "busybox git push",
        "unknownwrapper git push",
        "find . -exec git push ;",
        "eval git push",
        "eval 'git push'",
        "eval \"g\"'it' push",
        "(git push)",
        "{ git push; }",
        "if true; then git push; fi",
        "while true; do git push; done",
        "! git push",
        "for i in 1; do git push; done",
        "case x in x) git push;; esac",
        "f() { git push; }; f",
        "alias p='git push'; p",
        "trap 'git push' EXIT",
        "git push > /dev/null",
        "> out git push",
        "2>&1 git push",
        "git push # comment",
        "echo # comment\ngit push",
        "true &&\\\ngit push",
        "git \\\npush",
        "echo git push | sh",
        "sh <<EOF\ngit push\nEOF",
        "cat <<EOF\n$(git push)\nEOF",
        "python3 -c 'import os; os.system(\"git push\")'",
        "perl -e 'system(\"git push\")'",
        "echo $((1)) $(git push)",
        "echo ${x:-$(git push)}",
        "echo 'unfinished; git push",
        "true;git push",
        "true&&git push",
        "[ -f x ] && git push",
        "[[ -f x ]] && git push");

    [Theory]
    [MemberData(nameof(Bypasses))]
    public void A_denied_command_is_never_allowed_silently(string line)
    {
        Effect[] effects = [new(EffectKind.RunCommand, line)];

        // Without the rule the line runs: the attack is real.
        Assert.Equal(Decision.Allow, new PolicyEngine(s_open).Decide("shell", effects).Decision);

        Assert.NotEqual(Decision.Allow, new PolicyEngine(s_guarded).Decide("shell", effects).Decision);
    }

    [Theory]
    [MemberData(nameof(Bypasses))]
    public void An_allowed_prefix_carries_no_other_command(string line)
    {
        var mandate = s_open with
        {
            Mode = PermissionMode.Manual,
            Rules = [.. s_guarded.Rules.Where(rule => rule.Decision == Decision.Allow)],
        };

        var verdict = new PolicyEngine(mandate).Decide("shell", [new Effect(EffectKind.RunCommand, line)]);

        Assert.Equal(Decision.Ask, verdict.Decision);
    }

    [Theory]
    [InlineData("git status")]
    [InlineData("git pull origin push")]
    [InlineData("git commit -m 'git push'")]
    [InlineData("echo git push")]
    [InlineData("grep -r push .")]
    [InlineData("npm run push")]
    [InlineData("make > log.txt 2>&1")]
    [InlineData("for f in a b; do wc -l \"$f\"; done")]
    [InlineData("cd src && ls | sort | head -3")]
    [InlineData("cat <<'EOF'\ngit push\nEOF")]
    [InlineData("python3 -m pytest -q")]
    [InlineData("bash script.sh")]
    public void Everyday_lines_stay_quiet(string line)
    {
        var verdict = new PolicyEngine(s_guarded).Decide("shell", [new Effect(EffectKind.RunCommand, line)]);

        Assert.Equal(Decision.Allow, verdict.Decision);
    }
}

using System.Text;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Tests.Adversarial.Processes;
using Xunit;

namespace Reeve.Tests.Adversarial.Policy;

/// <summary>Laws of the grammar over random lines, and its reading of words beside that of a real shell.</summary>
public sealed class HostCommandLawTests
{
    private const int Cases = 3_000;

    private static readonly Mandate s_mandate = Mandate.Default("m", "ada", canAsk: true);

    private static readonly PolicyEngine s_plain = new(s_mandate);

    private static readonly PolicyEngine s_guarded = new(s_mandate with
    {
        Rules =
        [
            RuleSyntax.Parse("Bash(rm -rf:*)", Decision.Deny, RuleTier.User),
            RuleSyntax.Parse("Bash", Decision.Allow, RuleTier.User),
        ],
    });

    private static readonly PolicyEngine s_unguarded = new(s_mandate with
    {
        Rules = [RuleSyntax.Parse("Bash", Decision.Allow, RuleTier.User)],
    });

    [Fact]
    [Trait("Req", "GATE-5")]
    public void A_denied_command_is_denied_however_its_words_are_quoted()
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            var line = Requoted(new Random(seed), ["rm", "-rf", "build"]);

            // Without the rule it would run: the attack is real.
            Assert.True(s_unguarded.JudgeCommand(line).Verdict.IsAllowed, $"{seed}: {line}");
            Assert.True(s_guarded.JudgeCommand(line).Verdict.Decision == Decision.Deny, $"{seed}: {line}");
        }
    }

    [Fact]
    [Trait("Req", "GATE-5")]
    public void A_further_part_never_makes_a_line_freer()
    {
        var lines = CommandCase.Read("read-only.txt").Concat(CommandCase.Read("injections.txt"))
            .Concat(CommandCase.Read("more.txt"))
            .Select(found => found.Command)
            .Where(line => IsWhole(line))
            .Select(line => (Line: line, Said: s_plain.JudgeCommand(line).Verdict.Decision))
            .ToList();
        string[] joints = ["; ", " | ", " || ", " & ", "\n", ";\n"];

        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var (first, saidFirst) = lines[random.Next(lines.Count)];
            var (second, saidSecond) = lines[random.Next(lines.Count)];
            var joined = first + joints[random.Next(joints.Length)] + second;
            var said = s_plain.JudgeCommand(joined).Verdict.Decision;

            Assert.True(said <= saidFirst && said <= saidSecond, $"{seed}: {joined} is {said}");
        }
    }

    [Fact]
    [Trait("Req", "GATE-5")]
    public void A_command_hidden_anywhere_in_a_line_that_only_reads_is_seen()
    {
        string[] hidings =
        [
            "{0}; touch x", "touch x; {0}", "{0} && touch x", "{0} | touch x", "{0} & touch x", "{0}\ntouch x",
            "({0}; touch x)", "{{ {0}; touch x; }}", "if {0}; then touch x; fi", "echo \"$({0}; touch x)\"",
            "echo `touch x`; {0}", "while {0}; do touch x; done", "cat <(touch x); {0}", "! touch x; {0}",
            "case a in a) {0}; touch x;; esac", "cat <<E\n$(touch x)\nE\n{0}", "{0} || touch x",
            "bash -c 'touch x'; {0}",
        ];

        foreach (var read in CommandCase.Read("read-only.txt").Where(found => IsWhole(found.Command)))
        {
            foreach (var hiding in hidings)
            {
                var line = string.Format(null, CompositeFormat.Parse(hiding), read.Command);

                Assert.False(s_plain.JudgeCommand(line).Verdict.IsAllowed, line);
            }
        }
    }

    [Fact]
    [Trait("Req", "GATE-5")]
    public void Words_are_what_a_real_shell_makes_of_them()
    {
        var lines = Enumerable.Range(0, Cases)
            .Select(seed => Requoted(new Random(seed), AnyWords(new Random(-seed))))
            .ToList();
        var script = new StringBuilder();

        foreach (var line in lines)
        {
            script.Append("printf '%s\\0' ").Append(line).Append("; printf '\\1\\0'\n");
        }

        var (code, output) = RunScript("words.sh", script);
        var expected = Encoding.UTF8.GetString(output).Split("\u0001\0")[..^1];

        Assert.Equal((0, lines.Count), (code, expected.Length));

        for (var index = 0; index < lines.Count; index++)
        {
            var parsed = ShellGrammar.Parse("printf " + lines[index]);
            var words = string.Concat(parsed.Commands[0].Words.Skip(1).Select(word => word.Text + "\0"));

            Assert.True(parsed.IsUnderstood && words == expected[index], lines[index]);
        }
    }

    [Fact]
    public void Every_line_that_only_reads_is_one_that_a_real_shell_accepts()
    {
        var lines = CommandCase.Read("read-only.txt").Select(found => found.Command).ToList();
        var script = new StringBuilder();

        foreach (var line in lines)
        {
            script.Append("bash -n <<'REEVE_END' || exit 9\n").Append(line).Append("\nREEVE_END\n");
        }

        Assert.Equal(0, RunScript("lines.sh", script).ExitCode);
    }

    [Fact]
    [Trait("Req", "GATE-12")]
    public void A_hostile_line_is_judged_in_bounded_time()
    {
        string[] parts =
        [
            "$((", "$(", "(", "{ ", "${x:-", "`", "\"", "[[ ", "a=(", "<(", "if ", "case x in ", "{a,b}",
            "\\", "<<A\n", "$'\\x", "for i in ", "!", "(( ",
        ];
        var began = TimeProvider.System.GetTimestamp();

        foreach (var part in parts)
        {
            var line = string.Concat(Enumerable.Repeat(part, ShellGrammar.LineCharsMax / part.Length));

            Assert.False(s_plain.JudgeCommand(line).Verdict.IsAllowed, part);
        }

        Assert.False(s_plain.JudgeCommand(new string('a', ShellGrammar.LineCharsMax + 1)).Verdict.IsAllowed);
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    private static (int ExitCode, byte[] Output) RunScript(string name, StringBuilder script)
    {
        var path = Path.Combine(AppContext.BaseDirectory, name);
        File.WriteAllText(path, script.ToString());

        return ForeignProgram.Run("bash", path);
    }

    // Whole: it can stand in front of another line without taking it in, and needs nothing in front of it.
    private static bool IsWhole(string line) => ShellGrammar.Parse(line).IsUnderstood
        && !line.AsSpan().ContainsAny("#$'\"`\\\n") && !line.Contains("xargs", StringComparison.Ordinal)
        && !line.Contains("<<", StringComparison.Ordinal) && !line.EndsWith('&')
        && !line.StartsWith('~') && !line.Trim().EndsWith(';');

    private static string[] AnyWords(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => AnyWord(random))];

    private static string AnyWord(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 8))
        .Select(_ => "abcXYZ019-_=/.,:; |&<>()$`*?[]{}~#!\"'\\é%@+^\n"[random.Next(44)]));

    private static string Requoted(Random random, string[] words)
    {
        var line = new StringBuilder();

        foreach (var word in words)
        {
            line.Append(line.Length > 0 ? random.Next(6) == 0 ? " \\\n " : "  "[..random.Next(1, 3)] : "");

            foreach (var letter in word)
            {
                line.Append(Requoted(random, letter));
            }
        }

        return line.ToString();
    }

    private static string Requoted(Random random, char letter)
    {
        var around = random.Next(12) switch { 0 => "\"\"", 1 => "''", 2 => "$''", _ => "" };
        var isPlain = char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '/';

        return around + (isPlain ? random.Next(7) : random.Next(1, 4)) switch
        {
            1 when letter != '\'' => $"'{letter}'",
            2 when letter is not ('"' or '$' or '`' or '\\' or '!') => $"\"{letter}\"",
            4 when letter < 128 => $"$'\\x{(int)letter:x2}'",
            5 when letter < 128 => $"$'\\{Convert.ToString(letter, 8)}'",
            6 => letter.ToString(),
            _ when letter == '\n' => "'\n'",
            _ when isPlain => letter.ToString(),
            _ => $"\\{letter}",
        };
    }
}

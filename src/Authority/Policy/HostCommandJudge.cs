using System.Collections.Immutable;
using Reeve.Authority.Policy.Programs;

namespace Reeve.Authority.Policy;

/// <summary>Judges command lines that would leave the sandbox: on the host, with the network, or approved.</summary>
/// <remarks>
/// A line is allowed only where it was read whole and each of its commands is allowed, by a rule or because it only
/// reads. The strictest part decides. A rule that allows a program does not allow its options that start or write
/// something, unless it names them.
/// </remarks>
internal sealed class HostCommandJudge(
    Verdicts verdicts, RuleSet rules, RuleSet? narrowing, ProtectedBranches branches)
{
    private readonly bool _readsUnasked = verdicts.OfMode(EffectKind.RunCommand).IsAllowed;

    public CommandJudgement Judge(string line)
    {
        var parsed = ShellGrammar.Parse(line);
        var parts = ImmutableArray.CreateBuilder<CommandPart>(parsed.Commands.Length);
        Verdict? strictest = null;
        var decisive = -1;
        var depth = 0;

        foreach (var command in parsed.Commands)
        {
            var verdict = Judge(new PartContext(parsed, command, depth));
            parts.Add(new CommandPart(command.Source, verdict));
            depth = DepthAfter(command, depth);

            if (strictest is null || verdict.Decision < strictest.Decision)
            {
                (strictest, decisive) = (verdict, parts.Count - 1);
            }
        }

        var ofLine = OfLine(parsed) ?? OfProbes(parsed, parts);

        return ofLine is not null && (strictest is null || ofLine.Decision < strictest.Decision)
            ? new CommandJudgement(ofLine, parts.ToImmutable(), -1)
            : new CommandJudgement(strictest!, parts.ToImmutable(), decisive);
    }

    private Verdict? OfLine(ShellLine line)
    {
        if (line.Doubt.Length > 0)
        {
            return verdicts.Ask($"The line cannot be read whole: {line.Doubt}.", "grammar");
        }

        if (line.HidesCode && (rules.RestrictsCommands || narrowing is { RestrictsCommands: true }))
        {
            return verdicts.Ask("The line has code that cannot be compared with the rules.", "grammar: code");
        }

        if (line.DefinesFunctions)
        {
            return verdicts.Ask("The line gives new meanings to names of programs.", "grammar: functions");
        }

        return line.Commands.IsEmpty ? verdicts.Ask("The line has no command.", "grammar") : null;
    }

    // Harmless by itself, but what an injected text runs first: behind a command that only a rule allows it was
    // hardly typed by a person.
    private Verdict? OfProbes(ShellLine line, IReadOnlyList<CommandPart> parts)
    {
        var hasRuled = parts.Any(part => part.Tier is "user" or "administrator");

        for (var index = 0; index < parts.Count; index++)
        {
            var isProbe = line.Commands[index].Words is [{ Text: { } program }, ..]
                && ((program == "id" && parts.Count > 1) || (hasRuled && s_probes.Contains(program)));

            if (isProbe && parts[index].Tier == "default")
            {
                return verdicts.Ask("It also shows who and where it runs, as injected commands do.", "guard: probes");
            }
        }

        return null;
    }

    private static readonly HashSet<string> s_probes = new(StringComparer.Ordinal)
    {
        "id", "whoami", "uname", "hostname", "ifconfig", "sleep", "ip",
    };

    private Verdict Judge(PartContext part)
    {
        var opinion = ReadOnlyCommands.Of(part);
        var guard = GuardOf(part, opinion.IsHarmless);

        if (guard is { Decision: Decision.Deny })
        {
            return guard;
        }

        var restriction = CompiledRule.Stricter(
            rules.Restrict(part.Command, opinion.IsHarmless),
            narrowing?.Restrict(part.Command, opinion.IsHarmless));

        if (CompiledRule.Stricter(restriction, guard) is { } strict)
        {
            return strict;
        }

        var verdict = OfProgram(part, opinion);

        return CompiledRule.Stricter(verdict, WhyNotRedirects(part) is { } reason
            ? verdicts.Ask(reason, "redirections") : null)!;
    }

    private Verdict? GuardOf(PartContext part, bool onlyReads)
    {
        var found = CommandGuard.Of(part.Command, onlyReads, branches);

        foreach (var redirect in part.Command.Redirects)
        {
            if (redirect.IsWrite && CommandGuard.OfWrite(redirect.Target) is { } refused)
            {
                found = refused;
            }
        }

        return found is not { } guard ? null
            : guard.Decision == Decision.Deny ? new Verdict(Decision.Deny, guard.Reason, guard.Rule)
            : verdicts.Ask(guard.Reason, guard.Rule);
    }

    private Verdict OfProgram(PartContext part, Opinion opinion)
    {
        if (opinion.IsHarmless && _readsUnasked)
        {
            return new Verdict(Decision.Allow, opinion.Reason, opinion.Rule);
        }

        string? objection = null;

        foreach (var rule in part.Words.IsEmpty ? [] : rules.Permissions(part.Words))
        {
            var pattern = ((RulePattern.Command)rule.Pattern).Pattern;
            var reason = part.Command.Assignments.All(ShellPrograms.IsHarmlessVariable)
                ? pattern.IsExact || opinion.IsHarmless ? null : RuledCommands.WhyNot(part, pattern)
                : "a variable that is set for it may change what it does";

            if (reason is null)
            {
                return rule.Verdict;
            }

            objection ??= $"{rule.Verdict.Rule} is not enough: {reason}.";
        }

        return opinion.IsHarmless
            ? verdicts.OfMode(EffectKind.HostCommand)
            : verdicts.Ask(objection ?? opinion.Reason, opinion.Rule);
    }

    private string? WhyNotRedirects(PartContext part)
    {
        foreach (var redirect in part.Command.Redirects)
        {
            var isOpen = redirect.Target is { IsLiteral: true, Text: "/dev/null" or "/dev/stdout" or "/dev/stderr" };

            if (!redirect.IsWrite && !isOpen && part.WhyNotPath(redirect.Target, isRead: true) is { } reason)
            {
                return $"A redirection reads a file: {reason}.";
            }

            if (redirect.IsWrite && !isOpen && !rules.AllowsWrite(redirect.Target))
            {
                return "A redirection writes a file.";
            }
        }

        return null;
    }

    // Only behind && it is sure that the folder was entered.
    private static int DepthAfter(SimpleCommand command, int depth)
    {
        if (command.Words is [{ IsLiteral: true, Text: "cd" }, { IsLiteral: true, Text: { } folder }]
            && command.Joint == ShellJoint.And && Places.Of(folder, depth) == Place.Inside)
        {
            return depth + folder.Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Sum(name => name switch { "." => 0, ".." => -1, _ => 1 });
        }

        return command.Joint is ShellJoint.And or ShellJoint.Pipe ? depth : 0;
    }
}

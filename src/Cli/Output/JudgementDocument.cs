using Reeve.Authority.Policy;

namespace Reeve.Cli.Output;

/// <summary>What the gate says of a command line, as a program reads it.</summary>
/// <param name="Tier">Who wrote what decided: administrator, user, workspace, default, protected or mandate.</param>
/// <param name="Decisive">The index of the part that decided; -1 where the line as a whole did.</param>
internal sealed record JudgementDocument(
    string Command, string Verdict, string Reason, string Rule, string Tier, int Decisive,
    IReadOnlyList<JudgementPart> Parts)
{
    public static JudgementDocument Of(string line, CommandJudgement judgement) => new(
        line, WordOf(judgement.Verdict), judgement.Verdict.Reason, judgement.Verdict.Rule, judgement.Tier,
        judgement.Decisive,
        [
            .. judgement.Parts.Select(part => new JudgementPart(
                part.Command, WordOf(part.Verdict), part.Verdict.Reason, part.Verdict.Rule, part.Tier)),
        ]);

    public static string WordOf(Verdict verdict) => verdict.Decision switch
    {
        Decision.Allow => "allow",
        Decision.Ask => "ask",
        _ => "deny",
    };
}

internal sealed record JudgementPart(string Command, string Verdict, string Reason, string Rule, string Tier);

/// <summary>One line that a rule file says something about, and what the gate says.</summary>
internal sealed record RuleCaseDocument(int Line, string Command, string Expected, string Verdict, bool Ok);

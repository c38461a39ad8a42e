using System.Collections.Immutable;

namespace Reeve.Authority.Policy;

/// <summary>What the gate says of a command line that would leave the sandbox, part by part.</summary>
/// <param name="Verdict">The strictest of its parts.</param>
/// <param name="Parts">Every command it would start, wrapped and nested ones too, in the order of the line.</param>
/// <param name="Decisive">Which part decided; -1 where the line as a whole did.</param>
public sealed record CommandJudgement(Verdict Verdict, ImmutableArray<CommandPart> Parts, int Decisive)
{
    /// <summary>Who wrote what decided.</summary>
    public string Tier => TierOf(Verdict);

    public static string TierOf(Verdict verdict) => verdict.Rule switch
    {
        _ when verdict.Rule.StartsWith("table:", StringComparison.Ordinal) => "default",
        _ when verdict.Rule.StartsWith("guard:", StringComparison.Ordinal) => "protected",
        _ when verdict.Rule.StartsWith("grammar", StringComparison.Ordinal) => "default",
        "mandate: protected" => "protected",
        "arguments" or "tools" => "default",
        _ when verdict.Rule.StartsWith("approved ", StringComparison.Ordinal) => "approved",
        _ when verdict.Rule.StartsWith("mandate", StringComparison.Ordinal) => "mandate",
        _ when verdict.Reason.Contains("of the administrator", StringComparison.Ordinal) => "administrator",
        _ when verdict.Reason.Contains("of the workspace", StringComparison.Ordinal) => "workspace",
        _ => "user",
    };
}

/// <summary>One command of a line.</summary>
/// <param name="Command">As it was written; for an inner one, its words.</param>
public sealed record CommandPart(string Command, Verdict Verdict)
{
    public string Tier => CommandJudgement.TierOf(Verdict);
}

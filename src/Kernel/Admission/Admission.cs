using System.Text;
using Reeve.Authority;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Kernel.Schemas;

namespace Reeve.Kernel.Admission;

/// <summary>Decides whether a submission becomes a run. Pure.</summary>
public static class Admission
{
    public const int GoalBytesMax = 256 * 1024;
    public const int GuidanceBytesMax = 64 * 1024;
    public const int CriteriaMax = 16;
    public const int CriterionCharactersMax = 4_096;

    /// <exception cref="ProblemException">
    /// <c>goal.missing</c>, <c>goal.too_large</c>, <c>criteria.too_many</c>, <c>criterion.invalid</c>,
    /// <c>guidance.too_large</c>, <c>price.unknown</c>, <c>model.fallback_too_long</c>, <c>limit.invalid</c> or
    /// <c>schema.*</c>.
    /// </exception>
    public static Admitted Admit(Submission submission)
    {
        Problem.ThrowUnless(
            !string.IsNullOrWhiteSpace(submission.Goal), "goal.missing", "Say what is to be done: reeve \"GOAL\".");
        Problem.ThrowUnless(
            Encoding.UTF8.GetByteCount(submission.Goal) <= GoalBytesMax, "goal.too_large",
            $"A goal has at most {GoalBytesMax} bytes; put the rest into a file of the workspace.");
        Problem.ThrowUnless(
            Encoding.UTF8.GetByteCount(submission.Guidance) <= GuidanceBytesMax, "guidance.too_large",
            $"AGENTS.md has at most {GuidanceBytesMax} bytes; shorten it.");
        Problem.ThrowUnless(
            submission.Terms.Criteria.Count <= CriteriaMax, "criteria.too_many",
            $"A run has at most {CriteriaMax} acceptance commands; join some of them.");
        Problem.ThrowUnless(
            submission.Terms.Criteria.All(IsCriterion), "criterion.invalid",
            $"An acceptance command is one line of 1 to {CriterionCharactersMax} characters.");
        Problem.ThrowUnless(
            submission.Fallback.Length <= ModelFallback.ModelsMax, "model.fallback_too_long",
            $"At most {ModelFallback.ModelsMax} models can stand behind the first; name fewer in models.fallback.");
        Problem.ThrowUnless(
            !submission.Model.HasMoneyLimit || submission.Fallback.Prepend(submission.Model).All(HasPrice),
            "price.unknown",
            "The price of a model of this run is not known, so a limit in money cannot be kept; add its price to the "
            + "configuration or limit tokens instead.");
        Problem.ThrowUnless(
            submission.Limits is { Turns: > 0, AttemptsPerCall: > 0, CallsPerTurn: > 0, RepeatsMax: > 1,
                OutputTokens: > 0 }
            && submission.Limits.ContextTokens >= 2_000,
            "limit.invalid", "A limit is too small for a run to begin; raise it.");

        if (submission.Terms.OutputSchema.Length > 0)
        {
            JsonSchema.Parse(submission.Terms.OutputSchema);
        }

        return new Admitted(submission);
    }

    private static bool HasPrice(ModelTerms model) =>
        model is { InputDollarsPerMillion: not null, OutputDollarsPerMillion: not null };

    private static bool IsCriterion(string line) =>
        !string.IsNullOrWhiteSpace(line) && line.Length <= CriterionCharactersMax
        && !line.Contains('\0', StringComparison.Ordinal);
}

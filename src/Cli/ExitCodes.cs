using Reeve.Authority;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Runs;

namespace Reeve.Cli;

/// <summary>Which exit code an ending has: by the family of a problem's code, or by the state of a run.</summary>
internal static class ExitCodes
{
    private static readonly Dictionary<string, ExitCode> s_families = new(StringComparer.Ordinal)
    {
        ["usage"] = ExitCode.BadInput,
        ["config"] = ExitCode.BadInput,
        ["workspace"] = ExitCode.BadInput,
        ["goal"] = ExitCode.BadInput,
        ["criterion"] = ExitCode.BadInput,
        ["criteria"] = ExitCode.BadInput,
        ["argument"] = ExitCode.BadInput,
        ["price"] = ExitCode.BadInput,
        ["limit"] = ExitCode.BadInput,
        ["rule"] = ExitCode.BadInput,
        ["script"] = ExitCode.BadInput,
        ["command"] = ExitCode.BadInput,
        ["file"] = ExitCode.BadInput,
        ["ledger"] = ExitCode.BadInput,
        ["init"] = ExitCode.BadInput,
        ["schema"] = ExitCode.BadInput,
        ["output"] = ExitCode.OutputMismatch,
        ["session"] = ExitCode.BadInput,
        ["fork"] = ExitCode.BadInput,
        ["budget"] = ExitCode.OutOfBudget,
        ["gate"] = ExitCode.Denied,
        ["grant"] = ExitCode.Denied,
        ["mandate"] = ExitCode.Denied,
        ["approval"] = ExitCode.Denied,
        ["effect"] = ExitCode.InDoubt,
        ["sandbox"] = ExitCode.NoSandbox,
        ["model"] = ExitCode.ModelFailed,
        ["net"] = ExitCode.ModelFailed,
        ["store"] = ExitCode.StoreFailed,
        ["home"] = ExitCode.StoreFailed,
        ["state"] = ExitCode.StoreFailed,
        ["policy"] = ExitCode.BadInput,
        ["trust"] = ExitCode.BadInput,
        ["plan"] = ExitCode.BadInput,
        ["disk"] = ExitCode.StoreFailed,
        ["inbox"] = ExitCode.StoreFailed,
        ["payload"] = ExitCode.StoreFailed,
        ["key"] = ExitCode.StoreFailed,
        ["apply"] = ExitCode.Conflict,
        ["journal"] = ExitCode.JournalBroken,
    };

    private static readonly Dictionary<string, ExitCode> s_codes = new(StringComparer.Ordinal)
    {
        ["model.missing"] = ExitCode.BadInput,
        ["model.key_missing"] = ExitCode.BadInput,
        ["model.name_invalid"] = ExitCode.BadInput,
        ["model.provider_unknown"] = ExitCode.BadInput,
        ["model.fallback_too_long"] = ExitCode.BadInput,
        ["model.endpoint_missing"] = ExitCode.BadInput,
        ["model.endpoint_invalid"] = ExitCode.BadInput,
        ["run.not_found"] = ExitCode.BadInput,
        ["run.ambiguous"] = ExitCode.BadInput,
        ["session.in_doubt"] = ExitCode.InDoubt,
        ["limit.turns"] = ExitCode.TurnLimit,
        ["limit.loop"] = ExitCode.Error,
        ["limit.context"] = ExitCode.Error,
        ["payload.erased"] = ExitCode.BadInput,
        ["view.not_found"] = ExitCode.BadInput,
        ["guidance.too_large"] = ExitCode.BadInput,
        ["approval.not_found"] = ExitCode.BadInput,
        ["approval.ambiguous"] = ExitCode.BadInput,
        ["approval.rule_mismatch"] = ExitCode.BadInput,
        ["approval.once_only"] = ExitCode.BadInput,
    };

    public static IReadOnlyDictionary<string, ExitCode> Families => s_families;

    public static ExitCode Of(Problem problem) => OfCode(problem.Code);

    public static ExitCode Of(RunReport report) => report.Status switch
    {
        RunStatus.Succeeded => ExitCode.Ok,
        RunStatus.Unverified when report.Reason.StartsWith("sandbox.", StringComparison.Ordinal) => ExitCode.NoSandbox,
        RunStatus.Unverified => ExitCode.Unverified,
        RunStatus.Cancelled => ExitCode.Cancelled,
        RunStatus.OutOfBudget => ExitCode.OutOfBudget,
        RunStatus.InDoubt => ExitCode.InDoubt,
        RunStatus.Waiting => ExitCode.ApprovalPending,
        RunStatus.Failed => OfCode(report.Reason),
        _ => ExitCode.Ok,
    };

    private static ExitCode OfCode(string code) =>
        s_codes.TryGetValue(code, out var exact) ? exact
        : s_families.TryGetValue(code.Split('.')[0], out var family) ? family
        : ExitCode.Error;
}

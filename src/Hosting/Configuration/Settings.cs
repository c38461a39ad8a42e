using Reeve.Hosting.Permissions;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Runs;

namespace Reeve.Hosting.Configuration;

/// <summary>Everything an operator may configure, checked and complete. Nothing of it comes from a workspace.</summary>
/// <param name="Model">As <c>provider/name</c>; null when none was named.</param>
/// <param name="Providers">By the name before the slash of a model.</param>
/// <param name="Apply"><c>ask</c>, <c>verified</c> or <c>never</c>.</param>
/// <param name="Home">Absolute path of the data directory.</param>
/// <param name="Lines">Every key with its value and origin, for showing.</param>
public sealed record Settings(
    string? Model,
    IReadOnlyDictionary<string, ProviderSettings> Providers,
    LimitSettings Limits,
    SandboxSettings Sandbox,
    string ViewKind,
    PermissionSettings Permissions,
    TimeSpan ApprovalWait,
    string Apply,
    IReadOnlyList<PriceSetting> Prices,
    string Home,
    IReadOnlyList<SettingLine> Lines)
{
    public ModelTimes ModelTimes { get; init; } = new(10, 120, 60, 600);

    public BudgetSettings Budgets { get; init; } = BudgetSettings.None;

    public SessionSettings Sessions { get; init; } = new(TimeSpan.FromHours(24), null);
    /// <summary>Commands that may run on the machine itself, as they were written.</summary>
    public IReadOnlyList<string> HostCommands { get; init; } = [];

    public TimeSpan HostCommandTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Models that are asked in this order where the first cannot answer.</summary>
    public IReadOnlyList<string> Fallback { get; init; } = [];

    /// <summary>Commands that are asked before a tool is started; null where there are none.</summary>
    public HookTerms Hooks { get; init; } = HookTerms.None;

    /// <summary>How often an answer that does not fit the schema of the output is given back.</summary>
    public int SchemaRepairs { get; init; } = 2;

    /// <summary>What the administrator of the machine rules; none where there is no such policy.</summary>
    public PolicyText Administrator { get; init; } = PolicyText.None;

    public RouterSettings Router { get; init; } = new([], 2, null);

    /// <summary>What is kept of replies; null where nothing is.</summary>
    public ReplyCacheSettings? ReplyCache { get; init; }

    /// <summary>The largest reply that is read, in megabytes.</summary>
    public int ReplyMegabytes { get; init; } = 64;
}

/// <summary>What the model <c>router/auto</c> chooses from, the weakest first, and when it goes up and down.</summary>
public sealed record RouterSettings(IReadOnlyList<string> Ladder, int EscalateAfter, decimal? Dollars);

/// <summary>How much of replies is kept to be given again, and how long.</summary>
public sealed record ReplyCacheSettings(long BytesMax, TimeSpan AgeMax);

/// <summary>What all runs together may use up in one day; null for no ceiling.</summary>
public sealed record BudgetSettings(DayBudget OfUser, DayBudget OfTenant)
{
    public static BudgetSettings None { get; } = new(new(null, null, null, null), new(null, null, null, null));

    public bool HasMoneyLimit => OfUser.Dollars is not null || OfTenant.Dollars is not null;

    public SharedCeilings? ToCeilings() => (OfUser.ToCost(), OfTenant.ToCost()) is var (user, tenant)
        && (user is not null || tenant is not null) ? new SharedCeilings(user, tenant) : null;
}

/// <summary>A ceiling for one day (UTC); null parts are not limited.</summary>
public sealed record DayBudget(decimal? Dollars, long? InputTokens, long? OutputTokens, long? ToolCalls)
{
    public Cost? ToCost() => this is { Dollars: null, InputTokens: null, OutputTokens: null, ToolCalls: null }
        ? null
        : SharedCeilings.Unlimited with
        {
            Dollars = Dollars ?? SharedCeilings.Unlimited.Dollars,
            InputTokens = InputTokens ?? SharedCeilings.Unlimited.InputTokens,
            OutputTokens = OutputTokens ?? SharedCeilings.Unlimited.OutputTokens,
            ToolCalls = ToolCalls ?? SharedCeilings.Unlimited.ToolCalls,
        };
}

/// <summary>How long sessions are shown and kept.</summary>
/// <param name="KeepTime">Null keeps them until they are deleted.</param>
public sealed record SessionSettings(TimeSpan ActiveTime, TimeSpan? KeepTime);

/// <summary>How long one attempt at a model's reply may take, in seconds.</summary>
public sealed record ModelTimes(int Connect, int FirstToken, int Silence, int Total);

/// <summary>One provider of models. The key is revealed only to whoever makes its client.</summary>
public sealed record ProviderSettings(string? BaseUrl, string? ApiKeyFile, SecretText? ApiKey, string? Dialect);

/// <summary>What one run may use.</summary>
/// <param name="Dollars">Null where no limit in money was set.</param>
public sealed record LimitSettings(
    int Turns, decimal? Dollars, long InputTokens, long OutputTokens, int WallMinutes, long ToolCalls,
    int ContextTokens, int OutputTokensPerReply, int Repeats, int Attempts)
{
    public int WarnAtPercent { get; init; } = RunLimits.Default.WarnAtPercent;

    public RunLimits ToRunLimits()
    {
        var preset = RunLimits.Default;

        return preset with
        {
            Turns = Turns,
            ContextTokens = ContextTokens,
            OutputTokens = OutputTokensPerReply,
            RepeatsMax = Repeats,
            AttemptsPerCall = Attempts,
            WarnAtPercent = WarnAtPercent,
            Budget = preset.Budget with
            {
                Dollars = Dollars ?? preset.Budget.Dollars,
                InputTokens = InputTokens,
                OutputTokens = OutputTokens,
                WallTime = TimeSpan.FromMinutes(WallMinutes),
                ToolCalls = ToolCalls,
            },
        };
    }
}

/// <summary>What holds a command, and what it may use.</summary>
public sealed record SandboxSettings(
    string Tier, int WallSeconds, int CpuSeconds, int MemoryMegabytes, int Processes, int FileMegabytes,
    int DiskMegabytes, int OutputKilobytes, IReadOnlyList<string> Toolchains);

/// <summary>How much is asked, and the operator's rules as they were written.</summary>
public sealed record PermissionSettings(
    string Mode, IReadOnlyList<string> Allow, IReadOnlyList<string> Ask, IReadOnlyList<string> Deny)
{
    /// <summary>Patterns of files that nobody in a run may read; <c>none</c> stands for no file.</summary>
    public IReadOnlyList<string> SecretFiles { get; init; } = [];

    /// <summary>Branches that no mode and no rule lets anybody delete.</summary>
    public IReadOnlyList<string> ProtectedBranches { get; init; } = [];

    /// <summary>Rules whose actions two different persons have to approve.</summary>
    public IReadOnlyList<string> TwoPersons { get; init; } = [];

    /// <summary><c>park</c>, <c>deny</c> or <c>halt</c>.</summary>
    public string OnTimeout { get; init; } = "deny";

    public int ApprovalMinutes { get; init; } = 1_440;

    /// <summary>How long after its admission a run may act, waiting included.</summary>
    public TimeSpan MandateTime { get; init; } = TimeSpan.FromDays(365);
}

/// <summary>A price in dollars per million tokens, valid from a day on.</summary>
public sealed record PriceSetting(string Provider, string Model, decimal Input, decimal Output, DateOnly From);

/// <summary>A key as <c>reeve config show</c> prints it; a secret shows only that it is set.</summary>
public sealed record SettingLine(string Key, string Value, string Origin);

/// <summary>A secret on its way from the environment to where it is used. It prints as nothing.</summary>
public sealed class SecretText(string text)
{
    public string Reveal() => text;

    public override string ToString() => "(set)";
}

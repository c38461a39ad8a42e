using Reeve.Kernel.Hooks;

namespace Reeve.Hosting.Configuration;

/// <summary>The closed set of keys, with the one source of defaults. Everything else is refused.</summary>
public static class SettingKeys
{
    public const string ModeDefault = "auto";

    /// <summary>Files that hold nothing but secrets wherever they lie; templates of them are not meant.</summary>
    public const string SecretFilesDefault =
        "{.env,.env.local,.env.*.local,.env.development,.env.production,.env.staging,.netrc,.pgpass,.pypirc,"
        + ".git-credentials,id_rsa,id_dsa,id_ecdsa,id_ed25519,.ssh,.aws,.gnupg}";

    public static IReadOnlyList<string> Modes { get; } =
        ["plan", "manual", "acceptEdits", "auto", "dontAsk", "bypassPermissions", "daemon"];

    public static IReadOnlyList<SettingKey> All { get; } =
    [
        new("model", SettingKind.Text, "", "The model to use, as provider/name.")
            { Environment = ["REEVE_MODEL"], Flag = "--model" },
        new("models.*.baseUrl", SettingKind.Url, "", "Where the provider's API is.")
            { Environment = ["OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "OLLAMA_HOST"] },
        new("models.*.apiKeyFile", SettingKind.Path, "", "A file that holds the provider's key, and nothing else."),
        new("models.*.apiKey", SettingKind.Secret, "", "The provider's key. Never in a file of the configuration.")
            { Environment = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"] },
        new("models.*.dialect", SettingKind.Choice, "", "What a provider of your own speaks.")
            { Choices = ["openai", "anthropic"] },
        new("models.fallback", SettingKind.TextList, "",
            "Models, as provider/name, that are asked in this order where the first cannot answer."),
        new("models.router.ladder", SettingKind.TextList, "",
            "Models, as provider/name, from the weakest to the strongest, that the model router/auto chooses from."),
        Count("models.router.escalateAfter", 2, 0, 100,
            "Failed checks, unreadable calls and empty replies after which the next rung is taken; 0 for never."),
        new("models.router.dollarsPerRun", SettingKind.Money, "",
            "Spent so much, a run of router/auto goes on with the first rung."),
        new("models.cache.enabled", SettingKind.Choice, "false",
            "Whether a call that is the same as an earlier one in everything is answered from a file.")
            { Choices = ["false", "true"] },
        Count("models.cache.megabytes", 64, 1, 65_536, "The most that kept replies take; the oldest go first."),
        Count("models.cache.minutes", 1_440, 1, 525_600, "How long a kept reply is given again."),
        Count("models.connectSeconds", 10, 1, 3_600, "How long reaching a model server may take."),
        Count("models.firstTokenSeconds", 120, 1, 86_400, "How long a reply may take to begin."),
        Count("models.silenceSeconds", 60, 1, 86_400, "How long a reply that has begun may pause."),
        Count("models.totalSeconds", 600, 1, 86_400, "How long one attempt at a reply may take."),
        Count("models.replyMegabytes", 64, 1, 1_024, "The largest reply that is read; a larger one fails the call."),
        Count("models.schemaRepairs", 2, 0, 10,
            "How often an answer that does not fit --output-schema is given back before the run fails."),

        Count("limits.turns", 100, 1, 100_000, "Replies of the model in one run.") with { Flag = "--max-turns" },
        new("limits.dollars", SettingKind.Money, "", "What one run may cost; none where it is not set.")
            { Flag = "--max-budget-usd" },
        Count("limits.inputTokens", 50_000_000, 1, 100_000_000_000, "Tokens one run may send."),
        Count("limits.outputTokens", 5_000_000, 1, 100_000_000_000, "Tokens one run may receive."),
        Count("limits.wallMinutes", 240, 1, 525_600, "How long a run may be worked on."),
        Count("limits.toolCalls", 2_000, 1, 10_000_000, "Tool calls of one run."),
        Count("limits.attempts", 5, 1, 20, "Attempts at one call of the model, the first included."),
        Count("limits.contextTokens", 128_000, 1_024, 100_000_000, "What the model can be sent, its reply included."),
        Count("limits.outputTokensPerReply", 16_000, 256, 10_000_000, "The most one reply may have."),
        Count("limits.repeats", 4, 2, 1_000, "The same call with the same result, so often in a row, ends the run."),

        Count("budgets.warnAtPercent", 80, 0, 100,
            "A part of the budget of a run of which so much is used is told once; 0 tells nothing."),
        .. DayBudget("user", "all runs of one user together"),
        .. DayBudget("tenant", "all runs of this data directory together"),

        new("sandbox.tier", SettingKind.Choice, "auto", "What holds commands; auto takes the strongest that verifies.")
            { Choices = ["auto", "bubblewrap"] },
        Count("sandbox.wallSeconds", 600, 1, 86_400, "How long one command may take."),
        Count("sandbox.cpuSeconds", 600, 1, 1_382_400, "Processor time of one command and its children."),
        Count("sandbox.memoryMegabytes", 2_048, 1, 262_144, "Memory of one command and its children."),
        Count("sandbox.processes", 512, 4, 32_768, "Processes and threads of one command."),
        Count("sandbox.fileMegabytes", 1_024, 1, 1_048_576, "The largest file a command may write."),
        Count("sandbox.diskMegabytes", 4_096, 1, 1_048_576, "How much a command may make the workspace grow."),
        Count("sandbox.outputKilobytes", 65_536, 1, 4_194_304, "Output of one command; one that writes more is ended."),
        new("sandbox.toolchains", SettingKind.TextList, "auto",
            "Installed toolchains that commands may read: auto for what the project calls for, or folders."),

        new("view.kind", SettingKind.Choice, "auto",
            "How the workspace is kept apart: auto is reflink, else overlay (a copy where it is small), else copy.")
            { Choices = ["auto", "overlay", "reflink", "copy"] },
        new("permissions.mode", SettingKind.Choice, ModeDefault, "How much is asked.")
            { Choices = Modes, Flag = "--permission-mode" },
        new("permissions.secretFiles", SettingKind.TextList, SecretFilesDefault,
            "Files that neither tools nor commands of a run can read, as in Read(…) rules; none for no file."),
        Count("permissions.mandateMinutes", 525_600, 1, 52_560_000,
            "How long after its admission a run may act, waiting included; then its mandate has expired."),
        new("permissions.rules.allow", SettingKind.TextList, "", "Rules whose actions are allowed unasked."),
        new("permissions.rules.ask", SettingKind.TextList, "", "Rules whose actions a person is asked about."),
        new("permissions.rules.deny", SettingKind.TextList, "", "Rules whose actions are denied."),
        new("permissions.protectedBranches", SettingKind.TextList, Reeve.Authority.Policy.ProtectedBranches.Preset,
            "Branches that nobody may delete in any mode, and that are asked about; names may hold a star."),
        new("permissions.policyFile", SettingKind.Path, "",
            "The administrator's policy; policy.yaml beside the system file by default. Only the system file sets it."),
        new("approvals.onTimeout", SettingKind.Choice, "deny",
            "What happens to a question nobody answered in time: the call is denied, the run stays parked, or it ends.")
            { Choices = ["park", "deny", "halt"] },
        Count("approvals.timeoutMinutes", 1_440, 1, 525_600, "How long a question waits for an answer."),
        new("approvals.twoPersons", SettingKind.TextList, "",
            "Rules whose actions two different persons have to approve."),
        new("hostBridge.commands", SettingKind.TextList, "",
            "Commands that may run on the machine itself, as /usr/bin/git push {name} {name}; asked unless a rule "
            + "allows them."),
        Count("hostBridge.wallSeconds", 600, 1, 86_400, "How long one of them may take."),
        Count("approvals.waitSeconds", 30, 0, 86_400, "How long a run without a terminal waits before it parks."),
        new("apply", SettingKind.Choice, "ask", "When changes go to your own tree.")
            { Choices = ["ask", "verified", "never"], Flag = "--apply" },
        new("hooks.beforeTool", SettingKind.Hooks, "",
            "Commands asked in the sandbox before a tool is started: match (a tool, or a beginning and *), command, "
            + "timeoutSeconds."),
        new("hooks.afterTool", SettingKind.Hooks, "",
            "Commands asked in the sandbox what came of a call, before the model is shown it: match, command, "
            + "timeoutSeconds."),
        new("hooks.prompt", SettingKind.Hooks, "",
            "Commands asked in the sandbox before a goal or message is taken: command, timeoutSeconds."),
        new("hooks.stop", SettingKind.Hooks, "",
            "Commands asked in the sandbox before a run ends as succeeded: command, timeoutSeconds."),
        Count("hooks.stopRounds", HookTerms.StopRoundsPreset, 0, HookTerms.StopRoundsMax,
            "How often an end that a hook does not accept is given back to the model; then the run ends unverified."),
        new("hooks.compaction", SettingKind.Hooks, "",
            "Commands asked in the sandbox before a model summarises the conversation: command, timeoutSeconds."),
        new("hooks.onFailure", SettingKind.Choice, "deny", "What a hook counts as that fails, hangs or says nonsense.")
            { Choices = ["deny", "ignore"] },
        Count("sessions.activeHours", 24, 1, 876_000,
            "Sessions touched within so many hours are active; sessions list shows those."),
        new("sessions.keepDays", SettingKind.Integer, "",
            "Sessions that nobody touched for so many days are deleted; none where it is not set.")
            { Min = 1, Max = 36_500 },
        new("prices", SettingKind.Prices, "",
            "Prices in dollars per million tokens: provider, model, input, output, from."),
        new("profile", SettingKind.Text, "",
            "The profile in force: its keys, under profiles.NAME in a file, are stronger than the files.")
            { Flag = "--profile" },
        new("home", SettingKind.Path, "", "Where runs are kept; the data directory of the user by default.")
            { Environment = ["REEVE_HOME"] },
    ];

    public static SettingKey? Find(string name) => All.FirstOrDefault(key => key.Matches(name));

    public static bool IsSection(string name) => All.Any(key => key.IsBelow(name));

    private static IEnumerable<SettingKey> DayBudget(string level, string who) =>
    [
        new($"budgets.{level}.dollarsPerDay", SettingKind.Money, "", $"What {who} may cost in a day (UTC)."),
        Part(level, "inputTokensPerDay", $"Tokens that {who} may send in a day (UTC)."),
        Part(level, "outputTokensPerDay", $"Tokens that {who} may receive in a day (UTC)."),
        Part(level, "toolCallsPerDay", $"Tool calls of {who} in a day (UTC)."),
    ];

    private static SettingKey Part(string level, string name, string meaning) =>
        new($"budgets.{level}.{name}", SettingKind.Integer, "", meaning) { Min = 1, Max = 1_000_000_000_000_000 };

    private static SettingKey Count(string name, long preset, long min, long max, string meaning) =>
        new(name, SettingKind.Integer, preset.ToString(), meaning) { Min = min, Max = max };
}

using System.Collections.Immutable;
using System.Globalization;
using Reeve.Authority;
using Reeve.Kernel.Hooks;

namespace Reeve.Hosting.Configuration;

/// <summary>Makes the typed settings of checked values.</summary>
internal static class SettingsBuilder
{
    public static Settings Build(
        SortedDictionary<string, SettingValue> values, IReadOnlyDictionary<string, string> environment)
    {
        var model = Text(values, "model");
        Problem.ThrowUnless(
            model is null || (model.Split('/', 2) is [{ Length: > 0 }, { Length: > 0 }]),
            "config.invalid_value",
            $"model must be provider/name, as openai/gpt-5 or ollama/qwen3 "
            + $"({(model is null ? "" : values["model"].Origin)}).");
        AddHome(values, environment);

        return new Settings(
            model,
            Providers(values, environment),
            Limits(values),
            Sandbox(values),
            Text(values, "view.kind")!,
            new PermissionSettings(
                Text(values, "permissions.mode")!,
                Items(values, "permissions.rules.allow"),
                Items(values, "permissions.rules.ask"),
                Items(values, "permissions.rules.deny"))
            {
                SecretFiles = Items(values, "permissions.secretFiles"),
                ProtectedBranches = BranchesOf(values),
                TwoPersons = Items(values, "approvals.twoPersons"),
                OnTimeout = Text(values, "approvals.onTimeout")!,
                ApprovalMinutes = (int)Number(values, "approvals.timeoutMinutes"),
                MandateTime = TimeSpan.FromMinutes(Number(values, "permissions.mandateMinutes")),
            },
            TimeSpan.FromSeconds(Number(values, "approvals.waitSeconds")),
            Text(values, "apply")!,
            values.TryGetValue("prices", out var prices) ? prices.Prices : [],
            Expand(Text(values, "home")!, environment),
            Lines(values))
        {
            ModelTimes = new ModelTimes(
                (int)Number(values, "models.connectSeconds"),
                (int)Number(values, "models.firstTokenSeconds"),
                (int)Number(values, "models.silenceSeconds"),
                (int)Number(values, "models.totalSeconds")),
            Budgets = new BudgetSettings(DayBudgetOf(values, "user"), DayBudgetOf(values, "tenant")),
            Sessions = new SessionSettings(
                TimeSpan.FromHours(Number(values, "sessions.activeHours")),
                values.TryGetValue("sessions.keepDays", out var days) ? TimeSpan.FromDays(days.Integer) : null),
            HostCommands = Items(values, "hostBridge.commands"),
            HostCommandTime = TimeSpan.FromSeconds(Number(values, "hostBridge.wallSeconds")),
            Fallback = Items(values, "models.fallback"),
            Hooks = HooksOf(values),
            SchemaRepairs = (int)Number(values, "models.schemaRepairs"),
            Router = new RouterSettings(
                Items(values, "models.router.ladder"), (int)Number(values, "models.router.escalateAfter"),
                Text(values, "models.router.dollarsPerRun") is { } most
                    ? decimal.Parse(most, CultureInfo.InvariantCulture) : null),
            ReplyCache = Text(values, "models.cache.enabled") is "true"
                ? new ReplyCacheSettings(
                    Number(values, "models.cache.megabytes") << 20,
                    TimeSpan.FromMinutes(Number(values, "models.cache.minutes")))
                : null,
            ReplyMegabytes = (int)Number(values, "models.replyMegabytes"),
        };
    }

    private static void AddHome(
        SortedDictionary<string, SettingValue> values, IReadOnlyDictionary<string, string> environment)
    {
        if (!values.ContainsKey("home"))
        {
            var folder = SettingsReader.Folder(environment, "XDG_DATA_HOME", ".local/share");
            Problem.ThrowUnless(
                folder is not null, "config.home_missing", "Neither REEVE_HOME nor HOME is set; set REEVE_HOME.");
            values["home"] = ValueReader.Read(SettingKeys.Find("home")!, "home", $"{folder}/reeve", "default");
        }
    }

    private static Dictionary<string, ProviderSettings> Providers(
        SortedDictionary<string, SettingValue> values, IReadOnlyDictionary<string, string> environment) =>
        values.Keys.Select(name => name.Split('.'))
            .Where(parts => parts is ["models", _, _])
            .Select(parts => parts[1])
            .Distinct(StringComparer.Ordinal)
            .ToDictionary(
                provider => provider,
                provider => new ProviderSettings(
                    Text(values, $"models.{provider}.baseUrl"),
                    Text(values, $"models.{provider}.apiKeyFile") is { } file ? Expand(file, environment) : null,
                    Text(values, $"models.{provider}.apiKey") is { } key ? new SecretText(key) : null,
                    Text(values, $"models.{provider}.dialect")),
                StringComparer.Ordinal);

    // A default is one text; a list in a file has an item for each.
    private static IReadOnlyList<string> BranchesOf(SortedDictionary<string, SettingValue> values) =>
        [.. Items(values, "permissions.protectedBranches").SelectMany(item => item.Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    private static LimitSettings Limits(SortedDictionary<string, SettingValue> values) => new(
        (int)Number(values, "limits.turns"),
        Text(values, "limits.dollars") is { } dollars ? decimal.Parse(dollars, CultureInfo.InvariantCulture) : null,
        Number(values, "limits.inputTokens"),
        Number(values, "limits.outputTokens"),
        (int)Number(values, "limits.wallMinutes"),
        Number(values, "limits.toolCalls"),
        (int)Number(values, "limits.contextTokens"),
        (int)Number(values, "limits.outputTokensPerReply"),
        (int)Number(values, "limits.repeats"),
        (int)Number(values, "limits.attempts"))
    {
        WarnAtPercent = (int)Number(values, "budgets.warnAtPercent"),
    };

    private static HookTerms HooksOf(SortedDictionary<string, SettingValue> values)
    {
        return new HookTerms(Hooks("beforeTool"), Text(values, "hooks.onFailure") != "ignore", CanAsk: true)
        {
            AfterTool = Hooks("afterTool"),
            Prompt = Hooks("prompt"),
            Stop = Hooks("stop"),
            Compaction = Hooks("compaction"),
            StopRounds = (int)Number(values, "hooks.stopRounds"),
        };

        IReadOnlyList<HookTerm> Hooks(string point) =>
            values.TryGetValue($"hooks.{point}", out var hooks) ? hooks.Hooks : [];
    }

    private static DayBudget DayBudgetOf(SortedDictionary<string, SettingValue> values, string level)
    {
        return new DayBudget(
            Text(values, $"budgets.{level}.dollarsPerDay") is { } dollars
                ? decimal.Parse(dollars, CultureInfo.InvariantCulture) : null,
            Optional("inputTokensPerDay"), Optional("outputTokensPerDay"), Optional("toolCallsPerDay"));

        long? Optional(string name) =>
            values.TryGetValue($"budgets.{level}.{name}", out var value) ? value.Integer : null;
    }

    private static SandboxSettings Sandbox(SortedDictionary<string, SettingValue> values) => new(
        Text(values, "sandbox.tier")!,
        (int)Number(values, "sandbox.wallSeconds"),
        (int)Number(values, "sandbox.cpuSeconds"),
        (int)Number(values, "sandbox.memoryMegabytes"),
        (int)Number(values, "sandbox.processes"),
        (int)Number(values, "sandbox.fileMegabytes"),
        (int)Number(values, "sandbox.diskMegabytes"),
        (int)Number(values, "sandbox.outputKilobytes"),
        Items(values, "sandbox.toolchains"));

    private static ImmutableArray<SettingLine> Lines(SortedDictionary<string, SettingValue> values)
    {
        var unset = SettingKeys.All
            .Where(key => !key.Name.Contains('*', StringComparison.Ordinal) && !values.ContainsKey(key.Name))
            .Select(key => new SettingLine(key.Name, "", "default"));

        return [.. values.Values.Select(Line).Concat(unset).OrderBy(line => line.Key, StringComparer.Ordinal)];
    }

    private static SettingLine Line(SettingValue value) => new(value.Name, Shown(value), value.Origin);

    private static string Shown(SettingValue value) => value.Key.Kind switch
    {
        SettingKind.Secret => "(set)",
        SettingKind.TextList => string.Join(", ", value.Items),
        SettingKind.Hooks => string.Join(", ", value.Hooks.Select(hook =>
            $"{hook.Match}: {string.Join(' ', hook.Command)} ({hook.TimeoutSeconds} s)")),
        SettingKind.Prices => string.Join(", ", value.Prices.Select(price =>
            $"{price.Provider}/{price.Model} {price.Input}/{price.Output} from {price.From:yyyy-MM-dd}")),
        _ => value.Text,
    };

    private static string? Text(SortedDictionary<string, SettingValue> values, string name) =>
        values.TryGetValue(name, out var value) ? value.Text : null;

    private static long Number(SortedDictionary<string, SettingValue> values, string name) => values[name].Integer;

    private static IReadOnlyList<string> Items(SortedDictionary<string, SettingValue> values, string name) =>
        values.TryGetValue(name, out var value) ? value.Items : [];

    private static string Expand(string path, IReadOnlyDictionary<string, string> environment)
    {
        if (!path.StartsWith("~/", StringComparison.Ordinal))
        {
            return path;
        }

        var home = environment.GetValueOrDefault("HOME");
        Problem.ThrowUnless(
            home is ['/', ..], "config.home_missing", "A path begins with ~ and HOME is not set; write it in full.");
        return home.TrimEnd('/') + path[1..];
    }
}

using Reeve.Authority;
using Reeve.Authority.Mandates;
using Reeve.Authority.Policy;
using Reeve.Authority.Secrets;
using Reeve.Doors.Files;
using Reeve.Doors.Network;
using Reeve.Doors.Processes;
using Reeve.Doors.Processes.HostBridge;
using Reeve.Doors.Views;
using Reeve.Hosting.Configuration;
using Reeve.Hosting.Permissions;
using Reeve.Hosting.Runs;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Models;
using Reeve.Kernel.Runs;
using Reeve.Models.Exchange;
using Reeve.Models.Pricing;
using Reeve.Models.Scripted;
using Reeve.Models.Selection;

namespace Reeve.Hosting.Composition;

/// <summary>Makes the options of a host from what the operator configured.</summary>
public sealed class SettingsComposition(
    Settings settings, IReadOnlyDictionary<string, string> environment, TimeProvider time)
{
    private const int KeyFileBytesMax = 4_096;

    private readonly Lazy<PriceList> _shipped = new(PriceList.Shipped);

    /// <summary>How a workspace is kept apart.</summary>
    public ViewPreference View => settings.ViewKind switch
    {
        "overlay" => ViewPreference.Overlay,
        "copy" => ViewPreference.Copy,
        "reflink" => ViewPreference.Reflink,
        _ => ViewPreference.Automatic,
    };

    public HostOptions Compose()
    {
        var models = ModelOptionsOf();
        var http = new PinnedHttp(new TrustedOrigins(ModelFactory.TrustedUrls(models)), time);
        var factory = new ModelFactory(models, http, ReadScript, time);

        return new HostOptions(
            settings.Home,
            settings.Model ?? "",
            name => factory.Create(ModelSelection.Parse(name)),
            TermsOf,
            MandateOf,
            settings.Limits.ToRunLimits() with
            {
                ApprovalMinutes = settings.Permissions.ApprovalMinutes,
                OnTimeout = settings.Permissions.OnTimeout switch
                {
                    "park" => ApprovalTimeout.Park, "halt" => ApprovalTimeout.Halt, _ => ApprovalTimeout.Deny,
                },
            },
            ProfileOf,
            View,
            time)
        {
            KnownSecrets = [.. Secrets()],
            Fallback = settings.Fallback,
            OutputRepairs = settings.SchemaRepairs,
            Hooks = settings.Hooks.OrNull(),
            FolderHooks = HooksWithFolder,
            SessionActiveTime = settings.Sessions.ActiveTime,
            SessionTimeMax = settings.Sessions.KeepTime,
            HostBridge = new HostBridge(
                settings.HostCommands, environment.GetValueOrDefault("HOME"),
                HostCommandLimits.Default with { Time = settings.HostCommandTime }, time),
            Router = settings.Router is { Ladder.Count: > 0 } router
                ? new ModelRouter(router.Ladder, router.EscalateAfter, router.Dollars) : null,
            ReplyCache = settings.ReplyCache,
            ModelIdentity = name => IdentityOf(ModelSelection.Parse(name)),
            Ceilings = settings.Budgets.ToCeilings(),
            HasMoneyLimit = settings.Limits.Dollars is not null || settings.Budgets.HasMoneyLimit,
        };
    }

    /// <summary>The sandbox of a workspace: limits from the operator alone, toolchains as the workspace needs
    /// them.</summary>
    public SandboxProfile ProfileOf(string workspace)
    {
        var sandbox = settings.Sandbox;

        return SandboxProfile.Default with
        {
            Toolchains = [.. ToolchainsOf(workspace, sandbox.Toolchains)],
            Limits = (SandboxLimits.Default with
            {
                WallTime = TimeSpan.FromSeconds(sandbox.WallSeconds),
                CpuTime = TimeSpan.FromSeconds(sandbox.CpuSeconds),
                MemoryBytes = (long)sandbox.MemoryMegabytes << 20,
                Processes = sandbox.Processes,
                FileBytes = (long)sandbox.FileMegabytes << 20,
                DiskBytes = (long)sandbox.DiskMegabytes << 20,
                OutputBytes = (long)sandbox.OutputKilobytes << 10,
            }).Checked(),
        };
    }

    /// <summary>What the project calls for, where the operator said <c>auto</c>, and the folders he named.</summary>
    private IEnumerable<ToolchainGrant> ToolchainsOf(string workspace, IReadOnlyList<string> named)
    {
        var found = named.Contains("auto", StringComparer.Ordinal) ? Toolchains.Detect(workspace, environment) : [];
        var folders = named.Where(Path.IsPathFullyQualified)
            .Select(folder => new ToolchainGrant(Path.GetFileName(folder), folder, "the configuration names it"));

        return found.Concat(folders).Take(SandboxProfile.ToolchainsMax);
    }

    private string IdentityOf(ModelSelection model) =>
        settings.Providers.TryGetValue(model.Provider, out var known)
            ? $"{model} {known.Dialect} {known.BaseUrl}" : model.ToString();

    private static byte[] ReadScript(string path) => OperatorFiles.Read(path, Script.BytesMax, "script of the model");

    private ModelOptions ModelOptionsOf() => new(
        UrlOf("openai"), KeyOf("openai"), UrlOf("anthropic"), KeyOf("anthropic"), UrlOf("ollama"))
    {
        Timeouts = ModelTimeouts.Default with
        {
            ConnectTimeMax = TimeSpan.FromSeconds(settings.ModelTimes.Connect),
            FirstTokenTimeMax = TimeSpan.FromSeconds(settings.ModelTimes.FirstToken),
            SilenceMax = TimeSpan.FromSeconds(settings.ModelTimes.Silence),
            TotalTimeMax = TimeSpan.FromSeconds(settings.ModelTimes.Total),
            ReplyBytesMax = (long)settings.ReplyMegabytes << 20,
        },
        Own = [.. settings.Providers.Where(provider => IsOwn(provider.Key, provider.Value)).Select(OwnOf)],
    };

    // A name that is not shipped, or a shipped one that was told to speak otherwise.
    private static bool IsOwn(string name, ProviderSettings provider) =>
        !string.IsNullOrEmpty(provider.BaseUrl)
        && (name is not ("openai" or "anthropic" or "ollama") || !string.IsNullOrEmpty(provider.Dialect));

    private OwnProvider OwnOf(KeyValuePair<string, ProviderSettings> provider) => new(
        provider.Key, provider.Value.Dialect is "anthropic" ? "anthropic" : "openai", provider.Value.BaseUrl!,
        KeyOf(provider.Key));

    private string? UrlOf(string provider) =>
        settings.Providers.TryGetValue(provider, out var known) && !string.IsNullOrEmpty(known.BaseUrl)
            ? known.BaseUrl : null;

    private ApiKey? KeyOf(string provider) => SecretOf(provider) is { } text ? new ApiKey(text) : null;

    private string? SecretOf(string provider)
    {
        if (!settings.Providers.TryGetValue(provider, out var known))
        {
            return null;
        }

        if (known.ApiKey is { } key)
        {
            return key.Reveal();
        }

        return string.IsNullOrEmpty(known.ApiKeyFile)
            ? null
            : System.Text.Encoding.UTF8.GetString(
                OperatorFiles.Read(known.ApiKeyFile, KeyFileBytesMax, "file of the provider's key")).Trim();
    }

    private IEnumerable<Secret> Secrets() => settings.Providers.Keys
        .Select(SecretOf)
        .OfType<string>()
        .Where(secret => secret.Length >= Redactor.KnownSecretCharsMin)
        .Select(secret => new Secret("model key", secret));

    private ModelTerms TermsOf(string model, bool hasMoneyLimit)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var own = settings.Prices
            .Where(price => $"{price.Provider}/{price.Model}" == model && price.From <= today)
            .MaxBy(price => price.From);

        if (own is not null)
        {
            return new ModelTerms(model, own.Input, own.Output,
                $"configuration, from {own.From:yyyy-MM-dd}", hasMoneyLimit);
        }

        var shipped = _shipped.Value.Find(model, today);
        return new ModelTerms(model, shipped?.Input, shipped?.Output, shipped?.Source ?? "unknown", hasMoneyLimit);
    }

    /// <summary>What an agent would be allowed in a folder, for one command in the sandbox without a run.</summary>
    internal Mandate MandateOfCommand(string workspace) =>
        MandateOf(new RunRequest(string.Empty, workspace, CanAsk: false), "command");

    private Mandate MandateOf(RunRequest request, string id)
    {
        var mode = ModeOf(request.Mode ?? settings.Permissions.Mode);
        var canAsk = request.CanAsk && mode is not (PermissionMode.DontAsk);
        var mandate = Ruled(
            Mandate.Default(id, Kernel.Principals.Principal.LocalUser.Name, canAsk, mode), request.Workspace);

        return mandate with
        {
            Rules =
            [
                .. mandate.Rules, .. RulesOf(request.AllowedTools, Decision.Allow),
                .. RulesOf(request.DisallowedTools, Decision.Deny),
            ],
            ExpiresAt = time.GetUtcNow() + settings.Permissions.MandateTime,
        };
    }

    /// <summary>The gate as a run of these settings has it, with further rules of the user.</summary>
    /// <param name="workspace">The folder whose own rules count where it is trusted.</param>
    public PolicyEngine GateWith(IEnumerable<Rule> rules, string? workspace = null)
    {
        var mandate = Ruled(
            Mandate.Default(
                "policy", Kernel.Principals.Principal.LocalUser.Name, canAsk: true, ModeOf(settings.Permissions.Mode)),
            workspace);

        return new PolicyEngine(mandate with { Rules = [.. mandate.Rules, .. rules] });
    }

    /// <summary>A mandate with the rules of every tier, and with what people approved for good.</summary>
    private Mandate Ruled(Mandate mandate, string? workspace)
    {
        var own = workspace is null ? PolicyText.None : PolicyOf(workspace);
        var branches = settings.Permissions.ProtectedBranches
            .Concat(settings.Administrator.ProtectedBranches).Concat(own.ProtectedBranches);

        return mandate with
        {
            Rules = [.. settings.Administrator.Rules, .. Rules(), .. own.Rules],
            ProtectedBranches = [.. branches.Distinct(StringComparer.Ordinal)],
            Approved = [.. new KeptRules(settings.Home).For(workspace ?? "")],
            TwoPersons = [.. settings.Permissions.TwoPersons],
        };
    }

    // Read once: the bytes that were trusted are the bytes that count.
    private PolicyText PolicyOf(string workspace) =>
        new WorkspaceTrust(settings.Home, time).Look(workspace).Use(".reeve/policy.yaml") is { } bytes
            ? PolicyText.Parse(bytes, RuleTier.Workspace, "policy of the workspace") : PolicyText.None;

    // Read once as well.
    private HookTerms? HooksWithFolder(string workspace) =>
        new WorkspaceTrust(settings.Home, time).Look(workspace).Use(FolderHooks.Path) is { } bytes
            ? FolderHooks.Join(settings.Hooks, bytes).OrNull() : null;

    private IEnumerable<Rule> Rules()
    {
        var permissions = settings.Permissions;
        return RulesOf(permissions.Allow, Decision.Allow)
            .Concat(RulesOf(permissions.Ask, Decision.Ask))
            .Concat(RulesOf(permissions.Deny, Decision.Deny))
            .Concat(SecretRules());
    }

    /// <summary>The rules that hide the usual files of secrets; they stay when the user's own rules are
    /// others.</summary>
    public IEnumerable<Rule> SecretRules() =>
        RulesOf(SecretFiles().Select(pattern => $"Read({pattern})"), Decision.Deny);

    private IEnumerable<string> SecretFiles() =>
        settings.Permissions.SecretFiles.Where(pattern => pattern is not "none");

    private static IEnumerable<Rule> RulesOf(IEnumerable<string> texts, Decision decision) =>
        texts.Select(text => RuleSyntax.Parse(text, decision, RuleTier.User));

    private static PermissionMode ModeOf(string word) => word switch
    {
        "plan" => PermissionMode.Plan,
        "manual" => PermissionMode.Manual,
        "acceptEdits" => PermissionMode.AcceptEdits,
        "auto" => PermissionMode.Auto,
        "dontAsk" => PermissionMode.DontAsk,
        "bypassPermissions" => PermissionMode.BypassPermissions,
        "daemon" => PermissionMode.Daemon,
        "default" => PermissionMode.Default,
        _ => throw new ProblemException(new Problem(
            "config.invalid_value",
            "A permission mode is one of plan, manual, acceptEdits, auto, dontAsk, bypassPermissions and daemon.")),
    };
}

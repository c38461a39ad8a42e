using System.Collections.Immutable;
using Reeve.Kernel.Approvals;
using Reeve.Kernel.Budgets;
using Reeve.Kernel.Evidence;
using Reeve.Kernel.Journal;
using Reeve.Kernel.Journal.Events;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>A run as its journal tells it: a fold over its entries, and nothing else.</summary>
/// <remarks>Immutable: a state may be folded on in advance and is adopted once the entries are durable.</remarks>
public sealed record RunState
{
    public static RunState Empty { get; } = new();

    public RunStatus Status { get; init; }

    public string Reason { get; init; } = "";

    public RunAdmitted? Admitted { get; init; }

    /// <summary>For whom the run works.</summary>
    public string Principal { get; init; } = "";

    public RunLimits Limits { get; init; } = RunLimits.Default;

    public long Sequence { get; init; }

    public int Epoch { get; init; }

    /// <summary>When the latest entry was written: the only clock of the planner.</summary>
    public DateTimeOffset Now { get; init; }

    public DateTimeOffset AdmittedAt { get; init; }

    /// <summary>Time in which the run was worked on; waiting and lying still do not count.</summary>
    public TimeSpan ActiveTime { get; init; }

    public Budget Budget { get; init; } = new(default);

    /// <summary>Definitions of the labels from index two on; the first two are fixed.</summary>
    public ImmutableList<PayloadRef> Labels { get; init; } = [];

    public ImmutableList<ContextItem> Items { get; init; } = [];

    /// <summary>Sequence of the latest entry that put a summary in the place of items; before it, items are only
    /// added.</summary>
    public long CompactedAt { get; init; }

    /// <summary>A person wants it made smaller before the model is asked again.</summary>
    public bool MustCompact { get; init; }

    /// <summary>Sequence of the last entry that brought parts of a parent's conversation; zero without one.</summary>
    public long CarriedAt { get; init; }

    public long ContextTokens { get; init; }

    /// <summary>What this run learnt of the tokenizers of its models, in the order of the chain.</summary>
    public ImmutableArray<TokenScale> TokenScales { get; init; } = [];

    /// <summary>The latest request whose tokens its provider counted; null where none stands any more.</summary>
    public TokenAnchor? TokenAnchor { get; init; }

    /// <summary>Complete replies so far.</summary>
    public int Turn { get; init; }

    public ModelState Model { get; init; } = ModelState.Idle;

    /// <summary>The model of the chain that is asked now, or was last; zero is the first.</summary>
    public int ModelIndex { get; init; }

    /// <summary>The model that was chosen for the task; others only stand in for it.</summary>
    public int HomeModel { get; init; }

    /// <summary>Signs since then that the model is not up to the task.</summary>
    public int Failures { get; init; }

    /// <summary>How often the conversation began anew because a server could not read all of it.</summary>
    public int Resets { get; init; }

    /// <summary>It begins anew before anything else is asked.</summary>
    public bool MustReset { get; init; }

    /// <summary>When the run last went on to a model further down the chain.</summary>
    public DateTimeOffset FellBackAt { get; init; }

    /// <summary>Tool calls of the present turn, in the order asked.</summary>
    public ImmutableArray<CallState> Calls { get; init; } = [];

    /// <summary>What people approved in this run for longer than one action, the oldest first.</summary>
    public ImmutableList<StandingState> Approved { get; init; } = [];

    /// <summary>Rules whose approval was taken back.</summary>
    public ImmutableList<PayloadRef> Revoked { get; init; } = [];

    /// <summary>The model, or its provider, will not do this.</summary>
    public bool IsDeclined { get; init; }

    public int EmptyReplies { get; init; }

    /// <summary>Call and result of the latest calls since the tree last changed, each as a keyed hash.</summary>
    public ImmutableList<string> Fingerprints { get; init; } = [];

    /// <summary>How often the latest call gave the same result since the tree last changed.</summary>
    public int Repeats => Fingerprints.Count(known => known == Fingerprints[^1]);

    /// <summary>Observations that are kept whole and shown cut, by the name of their call.</summary>
    public ImmutableDictionary<string, PayloadRef> Archive { get; init; } =
        ImmutableDictionary<string, PayloadRef>.Empty;

    /// <summary>Subfolders whose notes for agents are pinned.</summary>
    public ImmutableHashSet<string> GuidanceFolders { get; init; } = ImmutableHashSet<string>.Empty;

    public int FolderGuidanceTokens { get; init; }

    /// <summary>What the agent says it achieved; none while it still works.</summary>
    public PayloadRef Claim { get; init; }

    /// <summary>What it had claimed before criteria failed; it stands should the model fall silent now.</summary>
    public PayloadRef LastClaim { get; init; }

    public bool HasClaim => !Claim.IsNone;

    /// <summary>The present claim fits the schema of the output.</summary>
    public bool IsOutputFitting { get; init; }

    /// <summary>The present claim does not, and will not be given back again.</summary>
    public bool IsOutputRefused { get; init; }

    /// <summary>Answers so far that did not fit.</summary>
    public int OutputMisfits { get; init; }

    public bool OwesOutput => Admitted?.OutputRepairs is not null;

    /// <summary>What hooks say at the points that are not about a call.</summary>
    public HookState Hooks { get; init; } = HookState.Empty;

    public ViewOpened? View { get; init; }

    public SandboxVerified? Sandbox { get; init; }

    public SandboxRefused? SandboxRefusal { get; init; }

    /// <summary>The latest checkpoint, which is the present tree whenever no call is running.</summary>
    public PayloadRef Tree { get; init; }

    public string TreeId { get; init; } = "";

    /// <summary>The trees before the latest changes, the oldest first.</summary>
    public ImmutableList<EarlierTree> EarlierTrees { get; init; } = [];

    /// <summary>The list of work as the agent last wrote it; none where it never did.</summary>
    public PayloadRef Todo { get; init; }

    public bool HasChanges => View is not null && TreeId != View.TreeId;

    /// <summary>Sequence of the latest entry that changed the tree.</summary>
    public long ChangedAt { get; init; }

    /// <summary>Sequence of the agent's latest check that passed; zero when there is none.</summary>
    public long SelfCheckedAt { get; init; }

    public ImmutableArray<CriterionState> Criteria { get; init; } = [];

    public int CheckRound { get; init; }

    public bool IsCancelRequested { get; init; }

    /// <summary>Parts of the budget that were told to be nearly used up.</summary>
    public ImmutableArray<BudgetPart> Warned { get; init; } = [];

    public RunLimit? LimitReached { get; init; }

    public bool IsParked { get; init; }

    public RunFinished? Finished { get; init; }

    /// <summary>The transaction that is applied to the user's tree now; empty when none is.</summary>
    public string AppliedTransaction { get; init; } = "";

    public bool IsDiscarded { get; init; }

    public bool IsErased { get; init; }

    public bool IsFinished => Finished is not null;

    public int ModelCount => 1 + Admitted!.Fallback.Length;

    /// <summary>Name and prices of a model of the chain.</summary>
    public ModelTerms TermsOf(int model) => model == 0 ? Admitted!.Model : Admitted!.Fallback[model - 1];

    /// <summary>The name under which the whole of a call's observation is kept: also that of a copied one stays
    /// its own.</summary>
    public string ArchiveNameOf(CallId call) => Admitted?.Origin is { } origin ? $"{call}.{origin.Depth}" : $"{call}";

    /// <summary>Where the reply stands that asked for a call; negative when it is there no more.</summary>
    /// <remarks>Calls are of the latest reply, so it stands near the end.</remarks>
    public int IndexOfReply(CallId call)
    {
        for (var index = Items.Count - 1; index >= 0; index--)
        {
            var item = Items[index];

            if (item.Sequence == call.Sequence && item.Kind == ContextItemKind.Reply)
            {
                return index;
            }
        }

        return -1;
    }

    public bool WaitsForPerson =>
        Calls.Any(call => call.Stage is CallStage.WaitsForApproval or CallStage.InDoubt);
}

/// <summary>A standing approval: it counts until then, and until the run has spent so much.</summary>
public sealed record StandingState(
    ApprovalScope Scope, PayloadRef Rules, DateTimeOffset ExpiresAt, decimal? DollarsMax)
{
    public bool Counts(RunState state) =>
        state.Now < ExpiresAt && (DollarsMax is null || state.Budget.Spent.Dollars < DollarsMax);
}

/// <summary>Where the call of the model stands.</summary>
public sealed record ModelState(
    ModelStage Stage,
    ModelPurpose Purpose = ModelPurpose.Turn,
    int Attempt = 0,
    long RequestedAt = 0,
    TimeSpan Pause = default,
    DateTimeOffset FailedAt = default,
    string FailureCode = "",
    int OutputTokensMax = 0,
    long CountedTokens = 0)
{
    public static ModelState Idle { get; } = new(ModelStage.Idle);
}

public enum ModelStage
{
    Idle = 0,
    Requested,

    /// <summary>Pauses before another attempt.</summary>
    Pausing,

    /// <summary>No further attempt will be made.</summary>
    Failed,
}

/// <summary>Where one criterion stands in the present round.</summary>
public sealed record CriterionState(CheckOutcome Outcome, int Round, string TreeId, int ExitCode, bool IsRunning);

using Reeve.Kernel.Budgets;
using Reeve.Kernel.Hooks;
using Reeve.Kernel.Models;
using Reeve.Kernel.Tools;

namespace Reeve.Kernel.Runs;

/// <summary>Something a run may do next. Equal steps are the same step: it is never begun twice.</summary>
public abstract record Step;

/// <summary>A step that touches nothing but the journal: it is decided and written down in one go.</summary>
public abstract record IntentStep : Step;

/// <summary>A step that touches the world; its intent, where it needs one, is durable before it begins.</summary>
public abstract record ActStep : Step;

public sealed record ReserveModelCall(ModelPurpose Purpose, int Turn, int Attempt) : IntentStep;

/// <summary>Says that a part of the budget is nearly used up.</summary>
public sealed record WarnOfBudget(BudgetPart Part) : IntentStep;

/// <summary>Goes on with another model of the chain.</summary>
public sealed record RouteModel(int From, int To, RouteReason Reason, int Failures) : IntentStep;

/// <summary>Asks the gate about one call.</summary>
public sealed record DecideCall(CallId Call) : IntentStep;

/// <summary>Tells the model that a call was refused, and why.</summary>
public sealed record RefuseCall(CallId Call, string Code) : IntentStep;

/// <summary>Puts a call to a person because a hook wants it.</summary>
public sealed record AskForHook(CallId Call) : IntentStep;

public sealed record ExpireApproval(CallId Call) : IntentStep;

public sealed record StartTool(CallId Call, int Attempt) : IntentStep;

public sealed record ParkInDoubt(CallId Call) : IntentStep;

public sealed record StartCheck(int Criterion, int Round) : IntentStep;

/// <summary>Holds the answer against the schema of the output.</summary>
public sealed record CheckOutput(int Round) : IntentStep;

public sealed record OpenView : ActStep;

public sealed record VerifySandbox : ActStep;

public sealed record CallModel(ModelPurpose Purpose, int Turn, int Attempt, long RequestedAt) : ActStep;

/// <summary>Replaces the oldest items by a summary made without a model.</summary>
public sealed record CompactPlainly(int Turn) : ActStep;

/// <summary>Asks the operator's hooks: about a call, or about what stands in the entry that is named.</summary>
public sealed record AskHooks(HookPoints Point, CallId Call = default, long About = 0) : ActStep;

public sealed record Wait(DateTimeOffset Until) : ActStep;

public sealed record InvokeTool(CallId Call, int Attempt) : ActStep;

/// <summary>Brings the tree of the last checkpoint back, so that an interrupted call may run again.</summary>
public sealed record RestoreView(CallId Call, int Attempt) : ActStep;

/// <summary>Asks the other side whether an interrupted call happened.</summary>
public sealed record AskWhetherItHappened(CallId Call, int Attempt) : ActStep;

public sealed record RunCheck(int Criterion, int Round) : ActStep;

public sealed record FinishRun(RunStatus Status, string Reason) : ActStep;

namespace Reeve.Kernel.Hooks;

/// <summary>The operator's hooks as they were agreed for one run; a part of its terms.</summary>
/// <param name="BeforeTool">Asked before a tool is started, in this order.</param>
/// <param name="DeniesOnFailure">What a hook counts as that fails, hangs or says what nobody understands.</param>
/// <param name="CanAsk">Whether a person can be asked; where not, a hook that wants it denies.</param>
public sealed record HookTerms(IReadOnlyList<HookTerm> BeforeTool, bool DeniesOnFailure, bool CanAsk)
{
    public const int StopRoundsMax = 20, StopRoundsPreset = 2;

    /// <summary>Asked what came of a call, before the model is shown it.</summary>
    public IReadOnlyList<HookTerm> AfterTool { get; init => field = value ?? []; } = [];

    /// <summary>Asked before a goal or a message of a person is taken.</summary>
    public IReadOnlyList<HookTerm> Prompt { get; init => field = value ?? []; } = [];

    /// <summary>Asked before a run ends as succeeded.</summary>
    public IReadOnlyList<HookTerm> Stop { get; init => field = value ?? []; } = [];

    /// <summary>Asked before a model summarises what does not fit any more.</summary>
    public IReadOnlyList<HookTerm> Compaction { get; init => field = value ?? []; } = [];

    /// <summary>How often an end that hooks do not accept is given back to the model.</summary>
    public int StopRounds { get; init; }

    public static HookTerms None { get; } = new([], DeniesOnFailure: true, CanAsk: true);

    public IReadOnlyList<HookTerm> At(HookPoints point) => point switch
    {
        HookPoints.BeforeTool => BeforeTool,
        HookPoints.AfterTool => AfterTool,
        HookPoints.Prompt => Prompt,
        HookPoints.Stop => Stop,
        HookPoints.Compaction => Compaction,
        _ => [],
    };

    /// <summary>Null where nobody is asked anything.</summary>
    public HookTerms? OrNull() => BeforeTool.Count > 0 || LaterPoints() != HookPoints.None ? this : null;

    /// <summary>The points other than before a tool at which somebody is asked.</summary>
    public HookPoints LaterPoints() => ((HookPoints[])
        [HookPoints.AfterTool, HookPoints.Prompt, HookPoints.Stop, HookPoints.Compaction])
        .Where(point => At(point).Count > 0).Aggregate(HookPoints.None, (all, point) => all | point);
}

/// <summary>A command that is asked at one point of a run.</summary>
/// <param name="Match">A tool's name, or the beginning of names with a <c>*</c> behind it; of no meaning where no tool
/// is asked about.</param>
/// <param name="Command">The program and its arguments; it runs in the sandbox of the run.</param>
public sealed record HookTerm(string Match, IReadOnlyList<string> Command, int TimeoutSeconds)
{
    public bool Covers(string tool) => Match.EndsWith('*')
        ? tool.StartsWith(Match[..^1], StringComparison.Ordinal) : tool == Match;
}

/// <summary>What hooks say. There is no yes: they can only add to what forbids.</summary>
public enum HookAnswer
{
    NoOpinion = 0,

    /// <summary>A person shall say.</summary>
    Ask,
    Deny,
}

/// <summary>Where on the path of a run hooks are asked.</summary>
[Flags]
public enum HookPoints
{
    None = 0,
    BeforeTool = 1,

    /// <summary>They can withhold an observation from the model.</summary>
    AfterTool = 2,

    /// <summary>They can refuse what a person says.</summary>
    Prompt = 4,

    /// <summary>They can give the end back to the model.</summary>
    Stop = 8,

    /// <summary>They can keep a model from making the summary.</summary>
    Compaction = 16,
}

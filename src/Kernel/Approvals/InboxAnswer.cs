namespace Reeve.Kernel.Approvals;

/// <summary>A person's answer to the question about exactly one action.</summary>
/// <param name="Action">The commitment to the action, as it was shown; an answer to another one counts for
/// nothing.</param>
public sealed record InboxAnswer(string Action, bool IsApproved, string By, string Reason)
{
    public ApprovalScope Scope { get; init; }

    /// <summary>The rules that are approved beyond the action itself, one on each line; empty for none.</summary>
    public string Rules { get; init; } = "";

    /// <summary>What the model is told of a denial; empty for nothing.</summary>
    public string Said { get; init; } = "";
}

/// <summary>A text of a person: a message, or who cancels.</summary>
public sealed record InboxText(string By, string Text);

/// <summary>What a person found out about an effect in doubt.</summary>
public sealed record InboxDoubt(string Call, bool Happened, string By);

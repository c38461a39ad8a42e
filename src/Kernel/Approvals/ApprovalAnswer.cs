namespace Reeve.Kernel.Approvals;

/// <summary>What came of asking. Unset is the most careful.</summary>
public enum ApprovalAnswer
{
    Denied = 0,
    Approved,
    Expired,
}

namespace Reeve.Kernel.Budgets;

/// <summary>What all runs together may use up in one day (UTC), above what each may by itself.</summary>
/// <param name="OfPerson">For the runs of one person; null for no ceiling.</param>
/// <param name="OfTenant">For the runs of all persons; null for no ceiling.</param>
public sealed record SharedCeilings(Cost? OfPerson, Cost? OfTenant)
{
    /// <summary>A part that nobody limits.</summary>
    public static Cost Unlimited { get; } = new()
    {
        Dollars = 1_000_000_000m,
        InputTokens = long.MaxValue / 4,
        OutputTokens = long.MaxValue / 4,
        WallTime = TimeSpan.MaxValue,
        ToolCalls = long.MaxValue / 4,
        EgressBytes = long.MaxValue / 4,
        Processes = long.MaxValue / 4,
    };
}

/// <summary>Whose ceiling it is that a run has come to.</summary>
public enum SharedLevel
{
    Person = 0,
    Tenant,
}

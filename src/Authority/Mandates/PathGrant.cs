namespace Reeve.Authority.Mandates;

/// <summary>Paths a mandate covers: a pattern relative to the workspace, for reading or also for changing.</summary>
public sealed record PathGrant(string Pattern, bool CanChange);

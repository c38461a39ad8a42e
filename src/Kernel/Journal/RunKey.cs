using Reeve.Kernel.Principals;

namespace Reeve.Kernel.Journal;

/// <summary>Where a run is stored. The tenant is part of every key, so that no query can forget it.</summary>
public readonly record struct RunKey(TenantId Tenant, RunId Run);

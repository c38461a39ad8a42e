namespace Reeve.Kernel.Principals;

/// <summary>Somebody on whose behalf a run acts.</summary>
public sealed record Principal(TenantId Tenant, string Name)
{
    /// <summary>The person at this machine's terminal.</summary>
    public static Principal LocalUser { get; } = new(TenantId.Local, "local-user");
}
